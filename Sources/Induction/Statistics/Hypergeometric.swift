// Numbers drawn without replacement, by log-gamma: exact to rounding, without simulation.
import Foundation

/// log C(n, k), -infinity where there is no such choice.
func logBinomial(_ n: Int, _ k: Int) -> Double {
    guard k >= 0, k <= n else { return -.infinity }
    return lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
}

/// How many of `drawn` elements, taken without replacement from `population`, are among its `marked` ones.
struct Hypergeometric {
    let population: Int
    let marked: Int
    let drawn: Int

    init(population: Int, marked: Int, drawn: Int) {
        precondition(
            (0...population).contains(marked) && (0...population).contains(drawn),
            "more than there are"
        )
        self.population = population
        self.marked = marked
        self.drawn = drawn
    }

    var mean: Double { population == 0 ? 0 : Double(drawn) * Double(marked) / Double(population) }

    /// Probability of exactly `count`.
    func probability(of count: Int) -> Double {
        exp(
            logBinomial(marked, count) + logBinomial(population - marked, drawn - count)
                - logBinomial(population, drawn)
        )
    }

    /// Probability of `count` or more.
    func upperTail(_ count: Int) -> Double {
        guard count > 0 else { return 1 }
        guard count <= min(marked, drawn) else { return 0 }
        return min(1, (count...min(marked, drawn)).reduce(0) { $0 + probability(of: $1) })
    }

    /// The smallest number at or below which a share of the probability lies.
    func quantile(_ share: Double) -> Int {
        var below = 0.0
        for count in 0...min(marked, drawn) {
            below += probability(of: count)
            if below >= share - 1e-12 { return count }
        }
        return min(marked, drawn)
    }
}
