// Benjamini and Hochberg 1995: q-values of a list of tests.
//
// Quantity: the smallest false discovery rate at which the test would be called significant:
// q_(i) = min over j >= i of p_(j) n / j, in ascending order of p. Range 0..1. Holds for independent tests and those
// with positive dependence, as heads on the same prompts.

/// The q-value of each p-value.
public func benjaminiHochberg(_ p: [Double]) -> [Double] {
    var q = p
    var smallest = 1.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated().reversed() {
        smallest = min(smallest, p[index] * Double(p.count) / Double(rank + 1))
        q[index] = smallest
    }
    return q
}
