// The sign-flip test: against SciPy's, and that its p-values are what they claim under noise.
import Foundation
import Testing
import Torch

@testable import Induction

/// Symmetric noise with tails that are not a normal's: [series][prompt].
private func noise(_ series: Int, _ prompts: Int, seed: UInt64) -> [[Double]] {
    let uniform = RandomSource(seed: seed).uniform([series, prompts], dtype: .float64).doubles
    return (0..<series).map { row in
        (0..<prompts).map { prompt in
            let value = 2 * uniform[row * prompts + prompt] - 1
            return value * value * value * Double(1 + prompt % 5)
        }
    }
}

@Suite struct SignFlipTestTests {
    @Test func countsAllPatternsAsSciPyDoes() throws {
        for series in try CausalStatisticsFixture().signFlips.prefix(2) {
            let found = signFlipTest(series.map(\.differences), seed: 0)
            for (p, recorded) in zip(found, series) {
                #expect(agree(p, recorded.p), "\(p), not \(recorded.p)")
            }
        }
    }

    @Test func randomPatternsTendToTheSame() throws {
        let series = try CausalStatisticsFixture().signFlips[2]
        let found = signFlipTest(series.map(\.differences), flips: 40_000, seed: 1)
        for (p, recorded) in zip(found, series) {
            // Five standard errors of a share of 40,000 draws, and the one that is added.
            let slack = 5 * (recorded.p * (1 - recorded.p) / 40_000).squareRoot() + 1.0 / 40_000
            #expect((p - recorded.p).magnitude < slack, "\(p), not \(recorded.p)")
        }
    }

    @Test(arguments: [9, 30, 130])
    func pIsUniformUnderSymmetricNoise(prompts: Int) {
        let p = signFlipTest(noise(1500, prompts, seed: 2), flips: 999, seed: 3).sorted()
        // Kolmogorov and Smirnov's distance to the uniform distribution, 1.95 / sqrt(1500) for p = 0.001; the exact
        // test's steps of 2 / 2^9 come on top.
        let distance = p.enumerated().map { abs($1 - Double($0 + 1) / 1500) }.max() ?? 1
        #expect(distance < 0.05 + 0.004)
        #expect((35...115).contains(p.count { $0 <= 0.05 }), "\(p.count { $0 <= 0.05 }) of 1500 below 0.05")
    }

    @Test func theLastPromptsCountToo() {
        // More than 64 prompts take their signs from several numbers.
        var differences = [Double](repeating: 0, count: 100)
        differences[70] = 1
        differences[99] = 1
        let p = signFlipTest([differences], flips: 4000, seed: 4)[0]
        #expect((0.45...0.55).contains(p), "the two signs agree in half of the patterns, not in \(p)")
        differences = differences.map { $0 + 1 }
        #expect(signFlipTest([differences], flips: 4000, seed: 4) == [1.0 / 4001])
    }

    @Test func theExtremesAreWhatTheyMustBe() {
        #expect(
            signFlipTest([[1, 2, 3], [0, 0, 0], [1, -1, 0], [-1, -2, -3]], seed: 0) == [0.25, 1, 1, 0.25]
        )
        #expect(
            signFlipTest([[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]], seed: 0) == [
                2.0 / 4096
            ]
        )
        // 0.4 among 0.6, 0.4, 0.2 and 0, each twice.
        #expect(signFlipTest([[0.3, 0.2, -0.1]], seed: 0) == [0.5])
        #expect(signFlipTest([[5]], seed: 0) == [1])
        #expect(signFlipTest([[], []], seed: 0) == [1, 1] && signFlipTest([], seed: 0) == [])
    }

    @Test func theSeedAndNothingElseFixesTheResult() {
        let values = noise(6, 20, seed: 5)
        let all = signFlipTest(values, flips: 500, seed: 6)
        #expect(signFlipTest(values, flips: 500, seed: 6) == all)
        #expect(signFlipTest(values, flips: 500, seed: 7) != all)
        #expect(
            values.map { signFlipTest([$0], flips: 500, seed: 6)[0] } == all,
            "series do not see one another"
        )
        #expect(
            signFlipTest(values.map { $0.map { 1e6 * $0 } }, flips: 500, seed: 6) == all,
            "units do not matter"
        )
    }

    @Test func patternsAreDrawnInChunks() {
        // 1000 series of 9000 sums go in two.
        let values = noise(1000, 14, seed: 8)
        let together = signFlipTest(values, flips: 9000, seed: 9)
        #expect(signFlipTest([values[3]], flips: 9000, seed: 9)[0] == together[3])
    }
}
