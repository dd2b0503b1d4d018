// The standard normal distribution.
import Foundation

enum NormalDistribution {
    /// Probability of a value at or below x.
    static func cumulative(_ x: Double) -> Double {
        0.5 * erfc(-x / 2.0.squareRoot())
    }

    /// The x with `cumulative(x) == p`, for p strictly between 0 and 1; ±infinity at the ends.
    ///
    /// Bisection on a monotone function to full precision: a hundred evaluations are nothing beside a bootstrap.
    static func quantile(_ p: Double) -> Double {
        if p <= 0 { return -.infinity }
        if p >= 1 { return .infinity }
        // The lower tail is the exact one: 1 minus a small number keeps few of its digits.
        if p > 0.5 { return -quantile(1 - p) }
        var (low, high) = (-40.0, 0.0)
        while true {
            let middle = (low + high) / 2
            if middle == low || middle == high { return middle }
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
    }
}
