// What the statistics promise, on models whose truth is known: p-values of random models are uniform, intervals cover,
// copies of a model do not differ, planted depths come back.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

/// One layer of four random heads over 41 ids, the last of them BOS; weights strong enough that patterns are not flat.
private func randomLayer(seed: UInt64, positions: Positions) -> Transformer {
    let config = TransformerConfig(
        family: "induct",
        layers: 1,
        heads: 4,
        dModel: 24,
        dHead: 8,
        dMLP: 0,
        vocabularySize: 41,
        context: 31,
        normalization: .layerNorm(epsilon: 1e-5),
        positions: positions,
        biases: [],
        bosTokenID: 40
    )
    let random = RandomSource(seed: seed)
    func norm() -> NormWeights { NormWeights(weight: .ones([config.dModel]), bias: nil) }
    return Transformer(
        config: config,
        weights: TransformerWeights(
            embedding: random.normal([41, 24]),
            positions: positions == .learned ? random.normal([31, 24]) * 0.3 : nil,
            blocks: [
                BlockWeights(
                    norm1: norm(),
                    attention: AttentionWeights(
                        qkv: Linear(weight: random.normal([96, 24]) * 0.35, bias: nil),
                        output: Linear(weight: random.normal([24, 32]), bias: nil)
                    )
                )
            ],
            finalNorm: norm(),
            unembedding: Linear(weight: random.normal([41, 24]), bias: nil)
        )
    )
}

private func repeats(_ count: Int, seed: UInt64) throws -> Tokens {
    let vocabulary = PromptVocabulary(ordinaryIDs: Array(0..<40), bosTokenID: 40)
    return try Tokens(PromptRecipe(count: count, length: 30, seed: seed).prompts(for: vocabulary))
}

/// The one-sample Kolmogorov-Smirnov test of uniformity on 0..1: the asymptotic p with Stephens's correction.
private func kolmogorovSmirnov(_ values: [Double]) -> Double {
    let count = Double(values.count)
    var distance = 0.0
    for (rank, value) in values.sorted().enumerated() {
        distance = max(distance, Double(rank + 1) / count - value, value - Double(rank) / count)
    }
    let scaled = (count.squareRoot() + 0.12 + 0.11 / count.squareRoot()) * distance
    if scaled < 0.2 { return 1 }
    var tail = 0.0
    for term in 1...100 {
        let size = exp(-2 * pow(Double(term) * scaled, 2))
        tail += term % 2 == 1 ? 2 * size : -2 * size
    }
    return min(1, max(0, tail))
}

/// Random models and prompts that no head can know a copy in.
enum Calibration: CaseIterable {
    case rotary, withoutPositions, learned, randomTokens

    var positions: Positions {
        switch self {
        case .rotary, .randomTokens: .rotary(Rotary(dimensions: 8, base: 100))
        case .withoutPositions: .none
        case .learned: .learned
        }
    }
}

/// Sixty prompts of unequal lengths whose lags vary.
private func randomPrompts(_ seed: UInt64) -> [[Int]] {
    randomPrompts(count: 60, ids: 25, bos: 40, lengths: 16..<31, seed: seed)
}

@Suite struct CalibrationTests {
    @Test func kolmogorovSmirnovEqualsSciPy() {
        // scipy.stats.kstest(values, "uniform", method="exact")
        let uniform = (0..<200).map { (Double($0) + 0.5) / 200 }
        #expect(agree(kolmogorovSmirnov(uniform.map { min(1, $0 * 1.1) }), 0.0578, 0.006))
        #expect(agree(kolmogorovSmirnov(uniform.map { pow($0, 1.2) }), 0.2762, 0.006))
        #expect(agree(kolmogorovSmirnov(uniform.map { min(1, $0 + 0.06) }), 0.3990, 0.006))
        #expect(kolmogorovSmirnov(uniform) > 0.999 && kolmogorovSmirnov(uniform.map { $0 * $0 }) < 1e-6)
    }

    // 200 random models of four heads. The first head's p-value of each is uniform; and called significant by
    // Benjamini-Hochberg at 0.05, where every discovery is false, no more models than that have one.
    @Test(arguments: Calibration.allCases)
    func pValuesOfRandomModelsAreUniform(on calibration: Calibration) throws {
        let positions = calibration.positions
        var p: [Double] = []
        var withDiscovery = 0.0
        for seed in 0..<200 as Range<UInt64> {
            let tokens =
                calibration == .randomTokens ? try Tokens(randomPrompts(seed)) : try repeats(60, seed: seed)
            let plan = PatternPlan(tokens, excluding: [40], nullSeed: seed)
            let collected = try collectPatterns(
                of: randomLayer(seed: 1000 + seed, positions: positions),
                reading: plan,
                batchSize: 60
            )
            let null = try #require(collected.shuffledNull(reductions: [], seed: seed))
            p.append(null.heads[0].p)
            if null.heads.contains(where: { $0.q <= 0.05 }) { withDiscovery += 1.0 / 200 }
        }
        #expect(kolmogorovSmirnov(p) > 0.01, "\(p.sorted())")
        #expect(withDiscovery <= 0.05 + 2 * (0.05 * 0.95 / 200).squareRoot(), "\(withDiscovery)")
    }

    @Test func bcaIntervalsOfMeanScoresCoverTheTruth() throws {
        // The truth is a population of prompts; every simulation draws 100 of them.
        let model = randomLayer(seed: 5, positions: .rotary(Rotary(dimensions: 8, base: 100)))
        let population = try collectPatterns(
            of: model,
            reading: PatternPlan(try repeats(1500, seed: 6), excluding: [40]),
            batchSize: 250
        )
        let sums = try #require(population.scores[.induction])
        let truth = try #require(sums.means)
        let bootstrap = PromptBootstrap(promptCount: 100, seed: 7)
        var generator = SeededGenerator(seed: 8)
        var covered = [Int](repeating: 0, count: 2)
        for _ in 0..<500 {
            let drawn = (0..<100).map { _ in generator.integer(in: sums.counts.indices) }
            let estimates = bootstrap.estimates(
                sums: drawn.map { Array(sums.sums[$0][..<2]) },
                counts: drawn.map { sums.counts[$0] }
            )
            for (head, estimate) in estimates.enumerated() {
                if try #require(estimate.low) <= truth[head] && truth[head] <= #require(estimate.high) {
                    covered[head] += 1
                }
            }
        }
        for head in covered.indices { #expect(covered[head] >= 465, "head \(head): \(covered[head]) of 500") }
    }

    @Test func twoCopiesOfOneModelDoNotDiffer() throws {
        let (tokens, bootstrap) = (
            try repeats(20, seed: 9), PromptBootstrap(promptCount: 20, resamples: 100, seed: 1)
        )
        func results() throws -> (HeadScores, [ProfileEstimate?], ShuffledNull?) {
            let plan = PatternPlan(tokens, excluding: [40], nullSeed: 2)
            let collected = try collectPatterns(of: randomLayer(seed: 10, positions: .learned), reading: plan)
            let sums = try #require(collected.scores[.induction])
            let profiles = [LayerReduction.mean, .top(quantile: 0.9)].map {
                collected.profile(sums, by: $0, bootstrap)
            }
            return (collected.headScores(bootstrap), profiles, collected.shuffledNull(draws: 500, seed: 3))
        }
        let (first, second) = (try results(), try results())
        #expect(first.0 == second.0 && first.1 == second.1 && first.2 == second.2 && first.2 != nil)
    }
}

@Suite struct PlantedTopologyTests {
    private func collected(_ model: PlantedModel) throws -> CollectedPatterns {
        let tokens = try Tokens(
            PromptRecipe(count: 30, seed: 11).prompts(for: model.vocabulary(prependsBOS: true))
        )
        let plan = PatternPlan(tokens, excluding: [model.bosTokenID], nullSeed: 12)
        return try collectPatterns(of: model.makeModel(), reading: plan)
    }

    /// A previous-token head in layer 0, induction heads in some layers.
    private func model(layers: Int, induction: [Int]) -> PlantedModel {
        var planted = [Head(layer: 0, index: 1): PlantedHead.previousToken]
        for layer in induction { planted[Head(layer: layer, index: layer % 3)] = .induction }
        return PlantedModel(layers: layers, heads: 3, planted: planted)
    }

    @Test(arguments: [(4, 1), (4, 3), (6, 2)])
    func thePeakIsWhereTheHeadIs(layers: Int, depth: Int) throws {
        let found = try collected(model(layers: layers, induction: [depth]))
        let sums = try #require(found.scores[.induction])
        for reduction in [LayerReduction.mean, .top(quantile: 0.9), .tail(quantile: 0.9)] {
            let bootstrap = PromptBootstrap(promptCount: 30, resamples: 50, seed: 13)
            let estimate = try #require(found.profile(sums, by: reduction, bootstrap))
            #expect(estimate.profile.peakLayer == depth)
            #expect(estimate.profile.relativePeak == Double(depth) / Double(layers - 1))
            #expect(estimate.profile.bandwidth == 1 / Double(layers))
            #expect(try agree(#require(estimate.peakShares)[depth], 1))
        }
    }

    @Test func aPlantedBandHasItsWidth() throws {
        let found = try collected(model(layers: 7, induction: [2, 3, 4, 5]))
        let sums = try #require(found.scores[.induction])
        let scores = try #require(found.matrix(sums))
        let profile = DepthProfile(scores, by: .top(quantile: 0.9))
        #expect(agree(profile.values, [0, 0, 1, 1, 1, 1, 0], 1e-6))
        let band = try #require(profile.band)
        #expect(band == (2, 5) && profile.bandwidth == 4.0 / 7)
    }

    @Test func plantedHeadsStandOutOfTheNullAndNoOthersDo() throws {
        let collected = try collected(planted)
        let found = try #require(collected.shuffledNull(seed: 14))
        #expect(found.draws == 2400)
        for test in found.heads {
            let looksAlike: Set<Head> = [Head(layer: 2, index: 1), Head(layer: 2, index: 3)]
            if looksAlike.contains(test.head) {
                #expect(test.p == 1.0 / 2401 && test.q < 0.01 && test.observed > 0.95 && test.nullMean < 0.05)
            } else {
                #expect(test.q > 0.05, "\(test)")
            }
        }
        for band in found.bands { #expect(band.high.allSatisfy { $0 < 0.05 }, "\(band)") }
    }
}
