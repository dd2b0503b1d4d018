// Intervals: against SciPy's, against what an interval must do, and by how often they cover the truth.
import Foundation
import Testing
import Torch

@testable import Induction

@Suite struct BCaIntervalTests {
    @Test func equalsSciPy() throws {
        for recorded in try StatisticsFixture().intervals {
            let interval = try #require(
                bcaInterval(
                    estimate: recorded.estimate,
                    replicates: recorded.replicates,
                    leaveOneOut: recorded.leaveOneOut,
                    level: recorded.level
                )
            )
            #expect(agree(interval.lowerBound, recorded.low, 1e-10), "\(interval), not \(recorded.low)")
            #expect(agree(interval.upperBound, recorded.high, 1e-10), "\(interval), not \(recorded.high)")
        }
    }

    @Test func quantileEqualsNumPy() throws {
        let recorded = try StatisticsFixture().quantiles
        for (p, expected) in zip(recorded.probabilities, recorded.results) {
            #expect(agree(quantile(p, ofSorted: recorded.values), expected), "\(p)")
        }
        #expect(quantile(0.3, ofSorted: [4]) == 4)
        #expect(quantile(-0.1, ofSorted: [1, 2]) == 1 && quantile(1.1, ofSorted: [1, 2]) == 2)
    }

    /// A skewed statistic's recorded replicates.
    private func skewed() throws -> StatisticsFixture.Interval { try StatisticsFixture().intervals[1] }

    private func interval(
        _ recorded: StatisticsFixture.Interval,
        leaveOneOut: [Double]? = nil,
        _ map: (Double) -> Double = { $0 }
    ) throws -> ClosedRange<Double> {
        try #require(
            bcaInterval(
                estimate: map(recorded.estimate),
                replicates: recorded.replicates.map(map),
                leaveOneOut: leaveOneOut ?? recorded.leaveOneOut.map(map),
                level: 0.9
            )
        )
    }

    @Test func movesWithAChangeOfUnits() throws {
        let plain = try interval(skewed())
        let scaled = try interval(skewed()) { 3 * $0 - 7 }
        #expect(agree(scaled.lowerBound, 3 * plain.lowerBound - 7, 1e-10))
        #expect(agree(scaled.upperBound, 3 * plain.upperBound - 7, 1e-10))
        let mirrored = try interval(skewed()) { -$0 }
        #expect(agree(mirrored.lowerBound, -plain.upperBound, 1e-10))
        #expect(agree(mirrored.upperBound, -plain.lowerBound, 1e-10))
    }

    @Test func movesWithAMonotoneTransformationWhereNothingAccelerates() throws {
        // Exactly but for the interpolation between neighbouring replicates.
        let plain = try interval(skewed(), leaveOneOut: [1, 1])
        let logarithm = try interval(skewed(), leaveOneOut: [1, 1], log)
        #expect(agree(logarithm.lowerBound, log(plain.lowerBound), 1e-3))
        #expect(agree(logarithm.upperBound, log(plain.upperBound), 1e-3))
        let accelerated = try interval(skewed())
        #expect(accelerated.upperBound > plain.upperBound, "a long right tail asks for more room there")
    }

    @Test func replicatesWithoutAValueAreLeftOut() throws {
        let recorded = try skewed()
        let found = bcaInterval(
            estimate: recorded.estimate,
            replicates: [.nan] + recorded.replicates + [.infinity, .nan],
            leaveOneOut: recorded.leaveOneOut + [.nan],
            level: 0.9
        )
        #expect(try found == interval(recorded))
    }

    @Test func anEstimateOutsideItsReplicatesStillHasAnInterval() throws {
        let replicates = (0..<200).map { Double($0) / 200 }
        for estimate in [-1.0, 2.0] {
            let found = try #require(
                bcaInterval(
                    estimate: estimate,
                    replicates: replicates,
                    leaveOneOut: [0.1, 0.2, 0.9],
                    level: 0.95
                )
            )
            #expect(found.lowerBound >= 0 && found.upperBound < 1)
        }
    }

    @Test func theFormulaDoesNotTurnBackPastItsPole() throws {
        // Almost all replicates below the estimate and one extreme value left out: z times the acceleration above 1.
        let replicates = (0..<100_000).map(Double.init)
        let leaveOneOut = [0] + [Double](repeating: 1, count: 5000)
        let found = try #require(
            bcaInterval(
                estimate: 1e6,
                replicates: replicates,
                leaveOneOut: leaveOneOut,
                level: 0.9999
            )
        )
        #expect(found.upperBound == 99_999)
    }
}

@Suite struct PromptBootstrapTests {
    // All but the chance of the draws: resampling, ratio, values with one prompt left out, interval.
    @Test func tendsToSciPysIntervals() throws {
        // The second of these varies by the prompts' sizes more than by their values.
        let cases = try StatisticsFixture().intervals
        for recorded in [cases[0], cases[2]] {
            let bootstrap = PromptBootstrap(
                promptCount: recorded.sums.count,
                resamples: 15_000,
                level: recorded.level,
                seed: 11
            )
            let estimate = bootstrap.estimates(sums: recorded.sums.map { [$0] }, counts: recorded.counts)[0]
            let slack = 0.02 * (recorded.limitHigh - recorded.limitLow)
            #expect(agree(try #require(estimate.mean), recorded.estimate))
            #expect((try #require(estimate.low) - recorded.limitLow).magnitude < slack)
            #expect((try #require(estimate.high) - recorded.limitHigh).magnitude < slack)
        }
    }

    @Test func meansAreRatiosOfSums() {
        let bootstrap = PromptBootstrap(promptCount: 3, seed: 1)
        let estimates = bootstrap.estimates(sums: [[1, 8], [6, 1], [2, 0]], counts: [2, 10, 4])
        #expect(estimates.map(\.mean) == [0.5625, 0.5625])
        #expect(estimates.map(\.pairs) == [16, 16])
    }

    @Test func resamplesAreWholePromptsWithTheirCounts() throws {
        // The ratio is 0.5 in every prompt, whatever its size: resampling positions instead would spread it.
        let counts = (1...40).map { $0 }
        let sums = counts.map { [Double($0) * 0.5] }
        let estimate = PromptBootstrap(promptCount: 40, seed: 2).estimates(sums: sums, counts: counts)[0]
        #expect(estimate == Estimate(mean: 0.5, low: 0.5, high: 0.5, pairs: 820))
    }

    @Test(arguments: [2, 7, 100, 3000])
    func equalPromptsCollapseTheInterval(prompts: Int) {
        let value = 0.1 + 0.2 / 3
        let estimate = PromptBootstrap(promptCount: prompts, resamples: 200, seed: 3).estimates(
            sums: Array(repeating: [3 * value], count: prompts),
            counts: Array(repeating: 3, count: prompts)
        )[0]
        #expect(estimate.low == estimate.mean && estimate.high == estimate.mean)
    }

    @Test func onePromptWithValuesHasNoInterval() {
        let expected = Estimate(mean: 0.25, low: nil, high: nil, pairs: 4)
        #expect(PromptBootstrap(promptCount: 1, seed: 4).estimates(sums: [[1]], counts: [4]) == [expected])
        // Prompts without a pair are no second sample.
        let beside = PromptBootstrap(promptCount: 3, seed: 4).estimates(
            sums: [[0], [1], [0]],
            counts: [0, 4, 0]
        )
        #expect(beside == [expected])
    }

    @Test func nothingToAverageHasNoMean() {
        let estimates = PromptBootstrap(promptCount: 2, seed: 5).estimates(
            sums: [[0, 0], [0, 0]],
            counts: [0, 0]
        )
        #expect(estimates == Array(repeating: Estimate(mean: nil, low: nil, high: nil, pairs: 0), count: 2))
    }

    @Test func theSeedFixesTheInterval() {
        let sums = (0..<30).map { [Double($0 * $0 % 17)] }
        let counts = (0..<30).map { 1 + $0 % 4 }
        func estimates(_ seed: UInt64) -> [Estimate] {
            PromptBootstrap(promptCount: 30, seed: seed).estimates(sums: sums, counts: counts)
        }
        #expect(estimates(6) == estimates(6))
        #expect(estimates(6) != estimates(7))
    }

    @Test func widthFallsWithTheRootOfThePrompts() throws {
        func width(_ prompts: Int) throws -> Double {
            let sums = (0..<prompts).map { [Double(($0 * 37) % 101) / 100] }
            let counts = Array(repeating: 1, count: prompts)
            let estimate = PromptBootstrap(promptCount: prompts, seed: 8).estimates(
                sums: sums,
                counts: counts
            )[0]
            return try #require(estimate.high) - #require(estimate.low)
        }
        // Uniform on 0...1: 3.92 standard errors of 0.2916 / sqrt(prompts).
        #expect(try agree(width(101), 0.1137, 0.01))
        #expect(try agree(width(404), 0.0569, 0.006))
    }

    @Test func coversTheTruthOfASkewedRatio() throws {
        // Prompts differ in size and carry an exponential effect of mean 1; 300 experiments as 300 series.
        let (prompts, experiments) = (100, 300)
        let counts = (0..<prompts).map { 1 + $0 * 7 % 12 }
        let uniform = RandomSource(seed: 9).uniform([prompts, experiments], dtype: .float64).doubles
        let sums = (0..<prompts).map { prompt in
            (0..<experiments).map { experiment in
                -log(1 - uniform[prompt * experiments + experiment]) * Double(counts[prompt])
            }
        }
        let estimates = PromptBootstrap(promptCount: prompts, seed: 10).estimates(sums: sums, counts: counts)
        let covered = try estimates.count { try #require($0.low) <= 1 && 1 <= #require($0.high) }
        let share = Double(covered) / Double(experiments)
        #expect((0.90...0.985).contains(share), "95% intervals cover the truth in \(share) of experiments")
    }
}
