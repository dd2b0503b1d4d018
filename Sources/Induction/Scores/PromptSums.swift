// What a pass over the prompts leaves of one quantity: sums that means, resamples and nulls are made of.

/// Per-prompt sums of one quantity for many series, such as the heads of a model.
public struct PromptSums: Sendable, Equatable, Codable {
    /// Sum of each series' values: [prompt][series].
    public var sums: [[Double]]
    /// How many values were summed, the same for all series: [prompt].
    public var counts: [Int]

    /// All fields.
    public init(sums: [[Double]] = [], counts: [Int] = []) {
        precondition(sums.count == counts.count, "\(sums.count) rows of sums, \(counts.count) counts")
        self.sums = sums
        self.counts = counts
    }

    /// The mean of each series over all values of all prompts; nil where there is none.
    public var means: [Double]? {
        let total = counts.reduce(0, +)
        return total == 0 ? nil : totals.map { $0 / Double(total) }
    }

    /// The sum of each series over all prompts.
    var totals: [Double] {
        var totals = [Double](repeating: 0, count: sums.first?.count ?? 0)
        for row in sums { for (series, value) in row.enumerated() { totals[series] += value } }
        return totals
    }

    /// With further prompts of the same series.
    func appending(_ next: PromptSums) -> PromptSums {
        PromptSums(sums: sums + next.sums, counts: counts + next.counts)
    }
}
