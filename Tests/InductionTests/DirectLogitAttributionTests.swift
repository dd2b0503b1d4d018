// Direct logit attribution: the terms add up on every family, each is what the definition says, and a planted circuit's
// logit difference is its induction head's.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

/// Predictions to read: two in one prompt, some with foils.
private let targets = [(2, 3, 7, 12), (0, 2, 1, nil), (2, 0, 30, 4), (4, 1, 0, nil)].map {
    (prompt: Int, position: Int, answer: Int, foil: Int?) in
    PredictionTarget(cell: OutputCell(prompt: prompt, position: position), answer: answer, foil: foil)
}

/// Gives every gain and bias of a model random values, in place: fixtures have some at 1 and 0.
private func stirNorms(_ model: Transformer, seed: UInt64) {
    let random = RandomSource(seed: seed)
    let norms =
        model.weights.blocks.resident.flatMap { [$0.norm1, $0.norm1Post, $0.norm2, $0.norm2Post] }
        + [model.weights.finalNorm]
    for norm in norms {
        if let gain = norm.weight { gain.assign(random.normal(gain.shape) * 0.4 + 1) }
        if let bias = norm.bias { bias.assign(random.normal(bias.shape) * 0.3) }
    }
    for block in model.weights.blocks.resident {
        if let bias = block.attention.output.bias { bias.assign(random.normal(bias.shape) * 0.5) }
    }
}

/// A model with a norm after attention and MLP that centres and has a bias, which no family has.
private func sandwiched(block: BlockForm) -> Transformer {
    let plain = randomModel(seed: 53, dMLP: 19)
    var config = plain.config
    config.normPlacement = .beforeAndAfter
    config.block = block
    config.logitCap = 3
    config.embeddingScale = 1.7
    let random = RandomSource(seed: 54)
    func norm() -> NormWeights {
        NormWeights(
            weight: random.normal([config.dModel]) * 0.4 + 1,
            bias: random.normal([config.dModel]) * 0.3
        )
    }
    var weights = plain.weights
    weights.blocks = BlockStack(
        weights.blocks.resident.map { block in
            var block = block
            (block.norm1Post, block.norm2Post) = (norm(), norm())
            return block
        }
    )
    weights.unembedding.bias = random.normal([config.vocabularySize])
    return Transformer(config: config, weights: weights)
}

private func expectToAddUp(
    _ model: Transformer,
    _ tokens: Tokens,
    _ targets: [PredictionTarget],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let found = try model.directLogitAttribution(tokens, targets: targets, batchSize: 2)
    let logits = try model.run(tokens).logits
    for (reading, target) in zip(found.readings, targets) {
        let values = logits[target.cell.prompt][target.cell.position].doubles
        let others = values.indices.filter { $0 != target.answer }
        let foil = target.foil ?? others.max { values[$0] < values[$1] }
        #expect(reading.cell == target.cell && reading.foil == foil, sourceLocation: sourceLocation)
        let difference = values[target.answer] - values[reading.foil]
        let expected = model.config.logitCap == nil ? reading.logitDifference : reading.cappedLogitDifference
        #expect(agree(try #require(expected), difference, 1e-4), sourceLocation: sourceLocation)
        let size = reading.terms.reduce(0) { max($0, $1.magnitude) }
        let sum = reading.terms.reduce(0, +)
        #expect(
            (sum - reading.logitDifference).magnitude < 1e-4
                * max(reading.logitDifference.magnitude, 0.1 * size),
            "terms add up to \(sum), the difference is \(reading.logitDifference)",
            sourceLocation: sourceLocation
        )
        #expect(reading.terms.count == found.components.count, sourceLocation: sourceLocation)
    }
}

@Suite struct DirectLogitAttributionTests {
    @Test(arguments: FamilyModels.names)
    func termsAddUp(name: String) throws {
        let model = try FamilyModels.model(name)
        stirNorms(model, seed: 51)
        try expectToAddUp(model, FamilyModels.prompts(seed: 52), targets)
    }

    @Test(arguments: [BlockForm.sequential, .parallel])
    func termsAddUpThroughCentringPostNorms(block: BlockForm) throws {
        let tokens = try Tokens(randomPrompts(count: 5, lengths: 4..<15, seed: 55))
        let own = targets.map { target in
            PredictionTarget(
                cell: target.cell,
                answer: target.answer % 23,
                foil: target.foil
            )
        }
        try expectToAddUp(sandwiched(block: block), tokens, own)
    }

    /// ((c - mean c) gamma / sigma) . d with recorded writes, one at a time.
    @Test(arguments: ["gpt2-untied", "gemma2", "gptj", "olmo2", "induct-attention"])
    func eachTermIsWhatTheDefinitionSays(name: String) throws {
        let model = try FamilyModels.model(name)
        stirNorms(model, seed: 56)
        let tokens = try FamilyModels.prompts(seed: 57)
        let found = try model.directLogitAttribution(tokens, targets: targets)
        let run = try model.run(tokens, recording: model.sites.map { Selector($0) } + [.result])
        let config = model.config
        for reading in found.readings {
            func at(_ site: Site) throws -> [Double] {
                try run[site][reading.cell.prompt][reading.cell.position].doubles
            }
            func normed(_ write: [Double], _ norm: NormWeights, _ sigma: [Double]) -> [Double] {
                var mean = 0.0
                if case .layerNorm = config.normalization { mean = write.reduce(0, +) / Double(write.count) }
                return zip(write, norm.weight?.doubles ?? []).map { ($0 - mean) * $1 / sigma[0] }
            }
            let table = model.weights.unembedding.weight
            let direction = zip(table[reading.answer].doubles, table[reading.foil].doubles).map(-)
            func term(_ write: [Double]) throws -> Double {
                let read =
                    model.weights.finalNorm.weight == nil
                    ? write : try normed(write, model.weights.finalNorm, at(Site(.finalNormScale)))
                return zip(read, direction).reduce(0) { $0 + $1.0 * $1.1 }
            }
            for (component, value) in zip(found.components, reading.terms) {
                let layer = component.layer ?? 0
                let block = model.weights.blocks.resident[layer]
                func afterAttention(_ write: [Double]) throws -> [Double] {
                    config.normPlacement.isAfter
                        ? try normed(write, block.norm1Post, at(Site(.norm1PostScale, layer: layer))) : write
                }
                let expected: Double
                switch component.kind {
                case .embedding: expected = try term(at(Site(.embedding)))
                case .positionEmbedding: expected = try term(at(Site(.positionEmbedding)))
                case .head:
                    let all = try at(Site(.result, layer: layer))
                    let first = try #require(component.head) * config.dModel
                    expected = try term(afterAttention(Array(all[first..<first + config.dModel])))
                case .attentionBias:
                    expected = try term(afterAttention(try #require(block.attention.output.bias).doubles))
                case .mlp: expected = try term(at(Site(.mlpOut, layer: layer)))
                case .finalNormBias:
                    let bias = try #require(model.weights.finalNorm.bias).doubles
                    expected = zip(bias, direction).reduce(0) { $0 + $1.0 * $1.1 }
                case .unembeddingBias:
                    let bias = try #require(model.weights.unembedding.bias).doubles
                    expected = bias[reading.answer] - bias[reading.foil]
                }
                #expect(agree(value, expected, 1e-4), "\(component)")
            }
        }
        let heads = found.components.filter { $0.kind == .head }
        #expect(heads.map(\.description) == model.heads.map(\.description))
        #expect(Set(found.components).count == found.components.count)
        #expect(found.components.contains { $0.kind == .mlp } == !config.isAttentionOnly)
    }

    @Test func aPlantedDifferenceIsItsInductionHeads() throws {
        let model = planted.makeModel()
        let tokens = try Tokens([[47, 5, 9, 3, 8, 5], [47, 2, 11, 30, 2]])
        let found = try model.directLogitAttribution(
            tokens,
            targets: [
                PredictionTarget(cell: OutputCell(prompt: 0, position: 5), answer: 9, foil: 40),
                PredictionTarget(cell: OutputCell(prompt: 1, position: 4), answer: 11, foil: 41),
            ]
        )
        let means = found.means(PromptBootstrap(promptCount: 2, resamples: 50, seed: 1))
        for (component, mean) in zip(found.components, means) {
            let value = try #require(mean.mean)
            switch component.description {
            case "L2H1": #expect(agree(value, 12, 1e-5))
            case "L2H3": #expect(agree(value, -12, 1e-5))
            default: #expect(agree(value, 0, 1e-5), "\(component)")
            }
        }
    }

    @Test func meansAreOverPromptsAndAddUp() throws {
        let model = try FamilyModels.model("opt")
        let found = try model.directLogitAttribution(FamilyModels.prompts(seed: 58), targets: targets)
        let bootstrap = PromptBootstrap(promptCount: 5, resamples: 200, seed: 2)
        let means = found.means(bootstrap)
        let whole = found.meanLogitDifference(bootstrap)
        #expect(whole.pairs == 4 && means.allSatisfy { $0.pairs == 4 && $0.low != nil })
        #expect(agree(means.compactMap(\.mean).reduce(0, +), try #require(whole.mean), 1e-5))
        let first = found.readings.map { $0.terms[0] }.reduce(0, +) / 4
        #expect(agree(try #require(means[0].mean), first))
    }

    @Test func answersAndFoilsMustExist() throws {
        let model = try FamilyModels.model("gpt2")
        let (tokens, cell) = (try Tokens([[1, 2]]), OutputCell(prompt: 0, position: 1))
        for target in [PredictionTarget(cell: cell, answer: 61), .init(cell: cell, answer: 2, foil: -1)] {
            #expect(throws: LensError.outsideVocabulary(id: target.foil ?? 61, cell, size: 61)) {
                try model.directLogitAttribution(tokens, targets: [target])
            }
        }
        #expect(throws: LensError.noCells) { try model.directLogitAttribution(tokens, targets: []) }
    }
}
