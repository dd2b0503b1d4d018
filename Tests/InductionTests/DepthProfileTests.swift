// Layer profiles: against NumPy, against all subsets, and what doubling every head does and does not move.
import Testing
import Torch
import Transformers

@testable import Induction

private let reductions: [(String, LayerReduction)] = [
    ("mean", .mean), ("topq", .top(quantile: 0.7)), ("tail", .tail(quantile: 0.7)),
]

private func ends(_ stability: Stability?) throws -> [Double] {
    let stability = try #require(stability)
    return [stability.low, stability.high]
}

@Suite struct DepthProfileTests {
    @Test(arguments: reductions)
    func equalsNumPy(name: String, reduction: LayerReduction) throws {
        let fixture = try TopologyFixture()
        let expected = try #require(fixture.profiles[name])
        let collected = try fixture.collected()
        let bootstrap = PromptBootstrap(
            promptCount: collected.promptCount,
            resamples: fixture.resamples,
            seed: fixture.seeds.bootstrap
        )
        let sums = try #require(collected.scores[.induction])
        let found = try #require(collected.profile(sums, by: reduction, bootstrap))
        #expect(found.reduction == reduction)
        #expect(agree(found.profile.values, expected.values))
        #expect(found.profile.peakLayer == expected.peak)
        #expect(agree(found.profile.relativePeak, expected.relative))
        #expect(agree(found.profile.seedRelativePeak, expected.seedRelative))
        #expect(agree(found.profile.bandwidth, expected.bandwidth))
        for (layer, spread) in expected.stability.enumerated() {
            #expect(try agree(ends(found.stability?[layer]), spread), "layer \(layer)")
        }
        #expect(try agree(ends(found.peakStability), expected.peakStability))
        #expect(try agree(ends(found.relativePeakStability), expected.relativeStability))
        #expect(try agree(ends(found.bandwidthStability), expected.bandwidthStability))
        #expect(try agree(#require(found.peakShares), expected.peakShares))
        #expect((found.intervals == nil) == (expected.intervals == nil))
        for (interval, recorded) in zip(found.intervals ?? [], expected.intervals ?? []) {
            #expect(try agree([#require(interval.low), #require(interval.high)], recorded))
        }
    }

    @Test func describesShapesByHand() {
        let profile = DepthProfile([0.1, 0.1, 0.6, 0.6, 0.1])
        #expect(profile.peakLayer == 2 && profile.relativePeak == 0.5 && profile.seedRelativePeak == 0.4)
        // Shares 0.067, 0.133, 0.533, 0.933: layers 2 and 3.
        #expect(profile.bandwidth == 0.4)
        // Negative values have no mass.
        #expect(DepthProfile([-5, 0, 2, -1]).bandwidth == 0.25)
        // 4/25 is reached at the fourth of 25 equal layers, 21/25 at the twenty-first.
        #expect(DepthProfile([Double](repeating: 0.3, count: 25)).bandwidth == 18.0 / 25)
        let single = DepthProfile([0.5])
        #expect(single.relativePeak == 0 && single.seedRelativePeak == 0 && single.bandwidth == 1)
        for flat in [DepthProfile([0, 0, 0]), DepthProfile([-1, -2])] {
            #expect(flat.bandwidth == 1 && flat.peakLayer == 0 && flat.band == nil)
        }
        #expect(DepthProfile([0.2, 0.7, 0.7]).peakLayer == 1, "the first of equal ones")
    }

    @Test func topTakesWholeHeadsFromTheFloorUp() {
        let scores = [0.3, 0.1, 0.9, 0.5, 0.2, 0.8, 0.4, 0.7, 0.6, 0]
        #expect(LayerReduction.top(quantile: 0.9)(scores) == 0.9)
        #expect(agree(LayerReduction.top(quantile: 0.75)(scores), 0.8))
        #expect(agree(LayerReduction.top(quantile: 0)(scores), LayerReduction.mean(scores)))
        #expect(LayerReduction.top(quantile: 0.99)([0.25, 0.5]) == 0.5)
        // 0.29 * 100 is a little less than 29 in binary.
        #expect(agree(LayerReduction.top(quantile: 0.29)((0..<100).map(Double.init)), 64))
        // Half of the third best: (0.9 + 0.8 + 0.35) / 2.5
        #expect(agree(LayerReduction.tail(quantile: 0.75)(scores), 0.82))
    }

    @Test func equalNumberIsTheMeanOverAllSubsets() throws {
        for recorded in try TopologyFixture().equalNumber {
            let found = equalNumberTop(recorded.scores, quantile: 0.7, count: recorded.count)
            #expect(agree(found, recorded.expected, 1e-10), "\(recorded.count) of \(recorded.scores.count)")
        }
        let scores = [0.25, 0.75, 0.5, 1]
        let all = equalNumberTop(scores, quantile: 0.6, count: 4)
        #expect(agree(all, LayerReduction.top(quantile: 0.6)(scores)))
        #expect(agree(equalNumberTop(scores, quantile: 0.9, count: 1), 0.625), "one head: the mean")
        let profile = equalNumberProfile([scores, [0, 0.5, 0]], quantile: 0.9, count: 1)
        #expect(agree(profile.values, [0.625, 0.5 / 3]))
    }

    // What is promised where: LayerReduction.swift.
    @Test(arguments: [0.5, 0.75, 0.9])
    func doublingEveryHead(quantile: Double) {
        for count in 1..<40 {
            let scores = RandomSource(seed: UInt64(count)).uniform([count], dtype: .float64).doubles
            let doubled = scores + scores
            for reduction in [LayerReduction.mean, .tail(quantile: quantile)] {
                #expect(agree(reduction(doubled), reduction(scores)), "\(reduction) of \(count)")
            }
            let top = LayerReduction.top(quantile: quantile)
            let position = quantile * Double(count) + 1e-9
            let holds = position - position.rounded(.down) < 0.5 || count - Int(position) == 1
            #expect(agree(top(doubled), top(scores)) == holds, "top of \(count) heads")
            #expect(top(doubled) >= top(scores) - 1e-12)
        }
        // Numbers of heads of a power of two, as most models have.
        for count in [4, 8, 16, 32, 64] where quantile == 0.75 || count < 32 {
            let scores = RandomSource(seed: UInt64(count)).uniform([3 * count], dtype: .float64).doubles
            let layers = (0..<3).map { Array(scores[$0 * count..<($0 + 1) * count]) }
            let single = DepthProfile(layers, by: .top(quantile: quantile))
            let double = DepthProfile(layers.map { $0 + $0 }, by: .top(quantile: quantile))
            #expect(agree(double.values, single.values), "\(count) heads")
        }
    }

    @Test func equalNumberIsUnbiasedForFurtherDraws() {
        // 4 and 16 heads from one distribution: `top` of more heads is higher, the equal number's is not.
        let draws = 4000
        let uniform = RandomSource(seed: 5).uniform([draws, 20], dtype: .float64).doubles
        var (few, many, equal) = (0.0, 0.0, 0.0)
        for draw in 0..<draws {
            let row = Array(uniform[draw * 20..<draw * 20 + 20])
            few += LayerReduction.top(quantile: 0.9)(Array(row[..<4])) / Double(draws)
            many += LayerReduction.top(quantile: 0.9)(Array(row[4...])) / Double(draws)
            equal += equalNumberTop(Array(row[4...]), quantile: 0.9, count: 4) / Double(draws)
        }
        #expect(agree(few, 0.8, 0.01) && agree(equal, 0.8, 0.01) && many > 0.9)
    }

    @Test func withoutAPairThereIsNoProfileAndWithOnePromptNoSpread() throws {
        let model = randomModel(seed: 6)
        func collected(_ prompts: [[Int]]) throws -> CollectedPatterns {
            try collectPatterns(of: model, reading: PatternPlan(Tokens(prompts), excluding: [22]))
        }
        let bootstrap = PromptBootstrap(promptCount: 2, resamples: 50, seed: 1)
        let none = try collected([[22, 1, 2], [22, 3]])
        let empty = try #require(none.scores[.induction])
        #expect(none.profile(empty, by: .mean, bootstrap) == nil)
        let one = try collected([[22, 1, 2, 3, 1, 2], [22, 3]])
        let sums = try #require(one.scores[.induction])
        let found = try #require(one.profile(sums, by: .mean, bootstrap))
        #expect(found.stability == nil && found.peakShares == nil && found.intervals?[0].low == nil)
        #expect(found.intervals?[1].mean == found.profile.values[1])
    }

    @Test func theSeedsLayerBootstrapEqualsNumPy() throws {
        let fixture = try TopologyFixture()
        let values = try #require(fixture.profiles["mean"]).values
        let found = SeedLayerBootstrap(
            DepthProfile(values),
            resamples: fixture.layerResamples,
            seed: fixture.seeds.layers
        )
        for (name, spread) in [
            ("relative", found.relativePeak), ("seedRelative", found.seedRelativePeak),
            ("bandwidth", found.bandwidth),
        ] {
            let expected = try #require(fixture.layerBootstrap[name])
            #expect(agree([spread.mean, spread.low, spread.high], expected), "\(name)")
        }
        #expect(found.resamples == fixture.layerResamples)
    }
}
