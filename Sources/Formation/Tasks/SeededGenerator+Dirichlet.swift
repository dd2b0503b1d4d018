// Draws from the Dirichlet distribution, through gamma variables (Marsaglia and Tsang 2000), in logarithms: with small
// concentrations the variables themselves are too small for a number.
//
// They take logarithms and exponentials of the system, whose last digit may differ from one kind of machine to another.
import Foundation
import Induction

extension SeededGenerator {
    /// A number between 0 and 1, neither of them, in steps of 2^-53.
    mutating func unit() -> Double {
        (Double(next() >> 11) + 0.5) * 0x1p-53
    }

    /// Sums of the first 1, 2, ... numbers in proportion to a symmetric Dirichlet variable: ascending, the last is the
    /// total.
    mutating func cumulativeDirichlet(_ count: Int, concentration: Double) -> [Double] {
        let logarithms = (0..<count).map { _ in logGamma(concentration) }
        let largest = logarithms.max() ?? 0
        var total = 0.0
        return logarithms.map {
            total += exp($0 - largest)
            return total
        }
    }

    /// An index with the probability that its step has in the total.
    mutating func choice(ofCumulative sums: [Double]) -> Int {
        guard let total = sums.last else { preconditionFailure("a choice among nothing") }
        let target = unit() * total
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The logarithm of a gamma variable of scale 1.
    private mutating func logGamma(_ shape: Double) -> Double {
        // Below 1: one of shape + 1, times a power of a uniform one.
        if shape < 1 { return logGamma(shape + 1) + log(unit()) / shape }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let normal = normal()
            let root = 1 + c * normal
            guard root > 0 else { continue }
            let cube = root * root * root
            if log(unit()) < 0.5 * normal * normal + d * (1 - cube + log(cube)) { return log(d * cube) }
        }
    }

    /// A standard normal variable (Box and Muller 1958).
    private mutating func normal() -> Double {
        (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit())
    }
}
