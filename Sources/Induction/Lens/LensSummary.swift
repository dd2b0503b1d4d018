// The lens over many prompts: how the answer rises from row to row.
//
// Quantities by row, over all cells that have a target: mean probability (0..1) and share with rank 1 (0..1), with BCa
// intervals over prompts; median rank (from 1: the smallest that at least half of the cells reach) with the percentile
// interval over the same resamples, because a median has no jackknife to correct by. Cells of one prompt count alike.
import Torch
import Transformers

/// The median of ranks with an interval over prompts.
public struct MedianRank: Sendable, Equatable, Codable {
    /// The smallest rank that at least half of the cells reach; nil where no cell has a target.
    public var median: Int?
    /// Lower end of the interval; nil below two prompts that have a target.
    public var low: Double?
    /// Upper end of the interval; nil below two prompts that have a target.
    public var high: Double?
}

/// One row over all prompts.
public struct LensRowSummary: Sendable, Equatable, Codable {
    /// 0 for the embedding, L for the prediction.
    public var layer: Int
    /// Of the target.
    public var probability: Estimate
    /// Of the target.
    public var rank: MedianRank
    /// Share of the cells whose target has rank 1.
    public var first: Estimate
}

extension LogitLens {
    /// Each row's summary over the cells that have a target; a row without one has estimates without a value.
    ///
    /// - Parameter bootstrap: resamples of the prompts that the cells were chosen from.
    public func summary(_ bootstrap: PromptBootstrap) -> [LensRowSummary] {
        precondition(bootstrap.promptCount == promptCount, "resamples of other prompts")
        let counted = readings.filter { $0.target != nil }
        var counts = [Int](repeating: 0, count: promptCount)
        for reading in counted { counts[reading.cell.prompt] += 1 }
        return (readings.first?.rows ?? []).indices.map { row in
            let found = counted.compactMap { reading in
                reading.rows[row].target.map { (prompt: reading.cell.prompt, target: $0) }
            }
            var sums = [[Double]](repeating: [0, 0], count: promptCount)
            for (prompt, target) in found {
                sums[prompt][0] += target.probability
                sums[prompt][1] += target.rank == 1 ? 1 : 0
            }
            let means = bootstrap.estimates(sums: sums, counts: counts)
            return LensRowSummary(
                layer: row,
                probability: means[0],
                rank: medianRank(found.map { ($0.prompt, $0.target.rank) }, counts, bootstrap),
                first: means[1]
            )
        }
    }

    /// A median is where the share of ranks at or below reaches a half; these shares are means, which resamples give.
    private func medianRank(
        _ ranks: [(prompt: Int, rank: Int)],
        _ counts: [Int],
        _ bootstrap: PromptBootstrap
    ) -> MedianRank {
        let distinct = Set(ranks.map(\.rank)).sorted()
        guard !distinct.isEmpty else { return MedianRank(median: nil, low: nil, high: nil) }
        let place = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
        var sums = [[Double]](repeating: Array(repeating: 0, count: distinct.count), count: promptCount)
        for (prompt, rank) in ranks {
            for index in (place[rank] ?? 0)..<distinct.count { sums[prompt][index] += 1 }
        }
        func median(_ shares: ArraySlice<Double>) -> Int? {
            // Rounding must not carry a share of exactly a half below it.
            zip(distinct, shares).first { $1 >= 0.5 - 1e-12 }?.0
        }
        let shares = PromptSums(sums: sums, counts: counts).means ?? []
        let width = distinct.count
        let replicates = bootstrap.replicates(sums: sums, counts: counts).doubles
        let medians = stride(from: 0, to: replicates.count, by: width)
            .compactMap { median(replicates[$0..<$0 + width]).map(Double.init) }.sorted()
        let tail = (1 - bootstrap.level) / 2
        let hasInterval = counts.count { $0 > 0 } >= 2 && !medians.isEmpty
        return MedianRank(
            median: median(shares[...]),
            low: hasInterval ? quantile(tail, ofSorted: medians) : nil,
            high: hasInterval ? quantile(1 - tail, ofSorted: medians) : nil
        )
    }
}
