// Recovery: against SciPy, by truth, and where it is not defined.
import Foundation
import Testing
import Torch

@testable import Induction

@Suite struct RecoveryTests {
    @Test func equalsSciPy() throws {
        let recorded = try CausalStatisticsFixture().recovery
        let found = PromptBootstrap(promptCount: 60, resamples: 15_000, seed: 1).recoveries(
            clean: recorded.clean,
            corrupted: recorded.corrupted,
            patched: recorded.components.map(\.patched)
        )
        #expect(found.count == 3)
        for (recovery, expected) in zip(found, recorded.components) {
            #expect(recovery.trials == 60 && recovery.undefined == nil)
            #expect(try agree(#require(recovery.mean), expected.mean))
            #expect(try agree(#require(recovery.std), expected.std))
            let slack = 0.05 * (expected.high - expected.low)
            #expect(try (#require(recovery.low) - expected.low).magnitude < slack)
            #expect(try (#require(recovery.high) - expected.high).magnitude < slack)
        }
    }

    private let clean = [5.0, 3, 4, 6, 2]
    private let corrupted = [1.0, -1, 0, 3, 0]
    private func recoveries(_ patched: [[Double]]) -> [Recovery] {
        PromptBootstrap(promptCount: 5, seed: 2).recoveries(
            clean: clean,
            corrupted: corrupted,
            patched: patched
        )
    }

    @Test func allIsOneAndNothingIsZero() {
        let found = recoveries([clean, corrupted])
        #expect(found[0].mean == 1 && found[0].low == 1 && found[0].high == 1)
        #expect(found[1] == Recovery(mean: 0, low: 0, high: 0, std: 0, trials: 5))
    }

    @Test func isARatioOfMeans() throws {
        // Numerators 2 0 4 3 0 over 4 4 4 3 2: 9/17; the mean of the ratios would be 0.5.
        let found = recoveries([[3, -1, 4, 6, 0]])[0]
        #expect(try agree(#require(found.mean), 9.0 / 17))
        // Variance of the numerators 3.2; the mean denominator 3.4.
        #expect(try agree(#require(found.std), 3.2.squareRoot() / 3.4))
    }

    @Test func noisingIsTheSameTheOtherWay() throws {
        let patched = [[3.0, -1, 4, 6, 0]]
        let bootstrap = PromptBootstrap(promptCount: 5, seed: 2)
        let other = bootstrap.recoveries(clean: corrupted, corrupted: clean, patched: patched)[0]
        #expect(try agree(#require(other.mean), 8.0 / 17))
        #expect(try #require(other.std) > 0)
    }

    @Test func numeratorAndDenominatorAreResampledTogether() throws {
        // Each prompt recovers the same share of its own difference, however these vary.
        let patched = zip(clean, corrupted).map { 0.3 * $0 + 0.7 * $1 }
        let found = recoveries([patched])[0]
        #expect(try agree(#require(found.mean), 0.3))
        #expect(try agree(#require(found.low), 0.3) && agree(#require(found.high), 0.3))
        #expect(try #require(found.std) > 0.05, "the spread of the numerators is no interval")
    }

    @Test func withoutADifferenceItIsUndefined() {
        let bootstrap = PromptBootstrap(promptCount: 4, seed: 3)
        // Differences 1 -1 1 0: mean 0.25, standard error 0.4787.
        let found = bootstrap.recoveries(
            clean: [1, -1, 1, 0],
            corrupted: [0, 0, 0, 0],
            patched: [[1, 1, 1, 1], [0, 0, 0, 0]]
        )
        #expect(found[0] == found[1])
        #expect(found[0].mean == nil && found[0].low == nil && found[0].high == nil && found[0].std == nil)
        guard case .noDifference(let difference, let error?) = found[0].undefined else {
            Issue.record("\(found[0])")
            return
        }
        #expect(difference == 0.25 && agree(error, 0.4787135538781691))
        #expect(
            Recovery.Undefined.noDifference(difference: 0.25, standardError: 0.5).description
                == "undefined: clean and corrupted prompts differ by 0.25 on average, less than twice the standard "
                + "error, 0.5."
        )
    }

    @Test func twiceTheStandardErrorIsTheBound() {
        // Differences 1 + d and 1 - d: mean 1, standard error d.
        func recovery(_ d: Double) -> Recovery {
            PromptBootstrap(promptCount: 2, seed: 4).recoveries(
                clean: [1 + d, 1 - d],
                corrupted: [0, 0],
                patched: [[0.5, 0.5]]
            )[0]
        }
        #expect(recovery(0.5).mean == 0.5)
        #expect(recovery(0.51).mean == nil && recovery(0.51).undefined != nil)
        #expect(recovery(-0.51).undefined != nil)
    }

    @Test func equalPromptsAreUndefinedToo() {
        let same = PromptBootstrap(promptCount: 3, seed: 5).recoveries(
            clean: [1, 2, 3],
            corrupted: [1, 2, 3],
            patched: [[1, 2, 3]]
        )
        #expect(same[0].undefined == .noDifference(difference: 0, standardError: 0))
        let single = PromptBootstrap(promptCount: 1, seed: 5)
        let one = single.recoveries(clean: [1], corrupted: [1], patched: [[1]])
        #expect(one[0].undefined == .noDifference(difference: 0, standardError: nil))
        #expect(
            one[0].undefined?.description
                == "undefined: the metric is the same on clean and corrupted prompts."
        )
        #expect(
            single.recoveries(clean: [3], corrupted: [1], patched: [[2]])
                == [Recovery(mean: 0.5, low: nil, high: nil, std: nil, trials: 1)]
        )
    }

    @Test func aValueThatIsNoNumberStaysAlone() throws {
        let found = recoveries([[3, -1, 4, 6, 0], [3, -1, .nan, 6, 0], [3, -1, .infinity, 6, 0]])
        #expect(found[0] == recoveries([[3, -1, 4, 6, 0]])[0])
        #expect(found[1].undefined == .notFinite && found[2].undefined == .notFinite && found[1].mean == nil)
        #expect(found[1].undefined?.description == "undefined: a value is infinite or not a number.")
        let broken = PromptBootstrap(promptCount: 2, seed: 6).recoveries(
            clean: [.infinity, 1],
            corrupted: [0, 0],
            patched: [[1, 1]]
        )
        #expect(broken[0].undefined == .notFinite)
        let text = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode([Recovery].self, from: text) == found)
    }

    @Test func coversTheTruth() throws {
        // True recovery 0.4; 200 experiments of 100 prompts as components do not share denominators: one by one.
        let draws = RandomSource(seed: 7).uniform([200, 3, 100], dtype: .float64).doubles
        var covered = 0
        let bootstrap = PromptBootstrap(promptCount: 100, resamples: 400, seed: 8)
        for experiment in 0..<200 {
            func row(_ kind: Int) -> [Double] {
                let start = (experiment * 3 + kind) * 100
                return draws[start..<start + 100].map { -log(1 - $0) }
            }
            let (difference, share, corrupted) = (row(0), row(1), row(2))
            let found = bootstrap.recoveries(
                clean: zip(difference, corrupted).map { $0 + $1 },
                corrupted: corrupted,
                patched: [zip(zip(difference, share), corrupted).map { 0.2 * $0.0 + 0.2 * $0.1 + $1 }]
            )[0]
            if try #require(found.low) <= 0.4 && 0.4 <= #require(found.high) { covered += 1 }
        }
        #expect(
            (180...199).contains(covered),
            "95% intervals cover the truth in \(covered) of 200 experiments"
        )
    }
}
