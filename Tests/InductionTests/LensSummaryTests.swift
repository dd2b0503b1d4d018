// The lens over many prompts: numbers by hand, and what is not defined.
import Testing
import Transformers

@testable import Induction

@Suite struct LensSummaryTests {
    /// A reading with one row per (rank, probability).
    private func reading(_ prompt: Int, _ ranks: [(Int, Double)]?, rows: Int = 2) -> LensReading {
        LensReading(
            cell: OutputCell(prompt: prompt, position: 1),
            target: ranks.map { _ in 5 },
            rows: (0..<rows).map { layer in
                LensRow(
                    layer: layer,
                    top: [LensToken(id: 3, probability: 0.5)],
                    target: ranks.map { LensTarget(rank: $0[layer].0, probability: $0[layer].1, logit: 0) }
                )
            },
            threshold: 0.5
        )
    }

    @Test func numbersByHand() throws {
        let lens = LogitLens(
            readings: [
                reading(0, [(9, 0.1), (1, 0.5)]), reading(0, [(4, 0.2), (1, 0.6)]),
                reading(1, [(7, 0.3), (2, 0.7)]), reading(3, [(2, 0.6), (1, 0.8)]), reading(3, nil),
            ],
            threshold: 0.5,
            promptCount: 4
        )
        let bootstrap = PromptBootstrap(promptCount: 4, resamples: 500, seed: 3)
        let rows = lens.summary(bootstrap)
        #expect(rows.map(\.layer) == [0, 1])
        #expect(try agree(#require(rows[0].probability.mean), 0.3) && rows[0].probability.pairs == 4)
        #expect(rows[0].first.mean == 0 && rows[1].first.mean == 0.75)
        #expect(rows[0].rank.median == 4 && rows[1].rank.median == 1)
        // A resample without prompts 0 and 1 has nothing but rank 2; one of prompt 1 alone has rank 7.
        #expect(rows[0].rank.low == 2 && rows[0].rank.high == 7)
        #expect(rows[1].rank.low == 1 && rows[1].rank.high == 2)
        // The mean is the bootstrap's own.
        let expected = bootstrap.estimates(sums: [[0.3], [0.3], [0], [0.6]], counts: [2, 1, 0, 1])[0]
        #expect(try agree(#require(rows[0].probability.low), #require(expected.low)))
    }

    @Test func withoutTargetsNothingIsDefined() {
        let lens = LogitLens(readings: [reading(0, nil)], threshold: 0.5, promptCount: 1)
        let rows = lens.summary(PromptBootstrap(promptCount: 1, resamples: 20, seed: 3))
        #expect(rows.count == 2)
        let nothing = Estimate(mean: nil, low: nil, high: nil, pairs: 0)
        #expect(rows.allSatisfy { $0.probability == nothing && $0.first == nothing })
        #expect(rows.allSatisfy { $0.rank == MedianRank(median: nil, low: nil, high: nil) })
        let one = LogitLens(readings: [reading(0, [(3, 0.1), (2, 0.2)])], threshold: 0.5, promptCount: 1)
        let rank = one.summary(PromptBootstrap(promptCount: 1, resamples: 20, seed: 3))[0].rank
        #expect(rank == MedianRank(median: 3, low: nil, high: nil))
    }
}
