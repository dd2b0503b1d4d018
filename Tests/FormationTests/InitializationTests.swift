// Fresh models: the right shapes and spread, and the parameters that training changes.
import Foundation
import TestSupport
import Testing
import Torch
import Transformers

@testable import Formation

/// A model small enough to train in a test.
func smallConfig(
    dModel: Int = 24,
    dMLP: Int = 0,
    normalization: Normalization = .layerNorm(epsilon: 1e-5),
    positions: Positions = .learned,
    biases: Biases = [.attention, .mlp, .norms],
    isTied: Bool = false,
    smearsKeys: Bool = false,
    layers: Int = 2
) -> TransformerConfig {
    TransformerConfig(
        family: "induct",
        layers: layers,
        heads: 3,
        dModel: dModel,
        dHead: 8,
        dMLP: dMLP,
        vocabularySize: 19,
        context: 24,
        normalization: normalization,
        smearsKeys: smearsKeys,
        positions: positions,
        biases: biases,
        tiesUnembedding: isTied,
        bosTokenID: 0
    )
}

let configs = [
    smallConfig(),
    smallConfig(dModel: 21, dMLP: 33, isTied: true),
    smallConfig(dMLP: 10, normalization: .none, positions: .rotary(Rotary(dimensions: 4, base: 50))),
    smallConfig(positions: .none, biases: [.mlp, .norms]),
    smallConfig(positions: .rotary(Rotary(dimensions: 8, base: 500)), smearsKeys: true, layers: 1),
    smallConfig(dModel: 21, dMLP: 33, positions: .sinusoidal(amplitude: 0.1), isTied: true, smearsKeys: true),
]

/// Every form of a model that can be trained: 1 to 3 layers, with and without MLPs, tied or not, any positions, smeared keys
/// or not.
private let forms: [TransformerConfig] = [1, 2, 3].flatMap { layers in
    let positions: [Positions] = [
        .none, .learned, .sinusoidal(amplitude: 0.02), .rotary(Rotary(dimensions: 8, base: 10_000)),
    ]
    return positions.flatMap { positions in
        (0..<8).map { bits in
            smallConfig(
                dMLP: bits & 1 == 0 ? 0 : 40,
                positions: positions,
                isTied: bits & 2 != 0,
                smearsKeys: bits & 4 != 0,
                layers: layers
            )
        }
    }
}

@Suite struct InitializationTests {
    private func model(_ config: TransformerConfig, seed: UInt64 = 1) -> Transformer {
        .initialized(config, using: RandomSource(seed: seed))
    }

    @Test(arguments: configs)
    func runsAndIsSavedAndLoadedUnchanged(config: TransformerConfig) throws {
        let model = model(config)
        let tokens = try Tokens([[0, 4, 9, 18], [0, 7]])
        let logits = try model.run(tokens).logits
        #expect(logits.shape == [2, 4, 19])
        let directory = FileManager.default.temporaryDirectory.appending(path: "fresh-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try model.save(to: directory)
        let loaded = try Transformer(directory: directory)
        #expect(loaded.config == config)
        #expect(try loaded.run(tokens).logits.isEqual(to: logits))
        #expect(loaded.parameters.map(\.shape) == model.parameters.map(\.shape))
    }

    @Test func everyFormIsMadeSavedAndLoadedUnchanged() throws {
        let tokens = try Tokens([[0, 4, 9, 18], [0, 7]])
        let directory = try TestDirectory()
        for (number, config) in forms.enumerated() {
            let model = model(config)
            try model.save(to: directory("\(number)"))
            let loaded = try Transformer(directory: directory("\(number)"))
            #expect(loaded.config == config)
            #expect(try loaded.run(tokens).logits.isEqual(to: model.run(tokens).logits), "\(config)")
            #expect(zip(loaded.parameters, model.parameters).allSatisfy { $0.isEqual(to: $1) })
            let embedding = config.positions == .learned ? 2 : 1
            let attention = 6 + (config.smearsKeys ? 1 : 0)
            let block = attention + (config.isAttentionOnly ? 0 : 6)
            let ends = embedding + 2 + (config.tiesUnembedding ? 1 : 2)
            #expect(model.parameters.count == loaded.parameters.count)
            #expect(model.parameters.count == ends + config.layers * block, "\(config)")
        }
    }

    @Test func smearedKeysStartAsAnEvenMix() throws {
        for block in model(configs[4]).weights.blocks.resident {
            #expect(try #require(block.attention.smear).isEqual(to: .zeros([3])))
        }
    }

    @Test(arguments: configs)
    func theSeedFixesTheWeights(config: TransformerConfig) {
        let (a, b, c) = (
            model(config).parameters, model(config).parameters, model(config, seed: 2).parameters
        )
        #expect(zip(a, b).allSatisfy { $0.isEqual(to: $1) })
        #expect(!zip(a, c).allSatisfy { $0.isEqual(to: $1) })
    }

    @Test(arguments: configs)
    func everyParameterIsThereOnceAndChangesTheLogits(config: TransformerConfig) throws {
        let model = model(config)
        let tokens = try Tokens([[0, 4, 9, 18, 4]])
        for (index, parameter) in model.parameters.enumerated() {
            let before = try model.run(tokens).logits
            let saved = parameter.copy()
            parameter.assign(saved + RandomSource(seed: UInt64(index)).normal(saved.shape))
            #expect(try !model.run(tokens).logits.isEqual(to: before), "parameter \(index), \(saved.shape)")
            parameter.assign(saved)
        }
    }

    @Test func aTiedUnembeddingIsTheEmbedding() {
        let model = model(smallConfig(isTied: true))
        model.parameters[0].fill(0.5)
        #expect(model.weights.unembedding.weight.isEqual(to: .full([19, 24], 0.5)))
        #expect(!model.parameters.dropFirst().contains { $0.shape == [19, 24] })
    }

    @Test func spreadIsAsGPT2s() throws {
        let config = TransformerConfig(
            family: "induct",
            layers: 8,
            heads: 4,
            dModel: 64,
            dHead: 16,
            dMLP: 128,
            vocabularySize: 300,
            context: 70,
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned
        )
        let weights = Transformer.initialized(config, deviation: 0.03, using: RandomSource(seed: 3)).weights
        func deviation(_ tensor: Tensor) -> Double { tensor.variance(0, 1).sqrt().scalar }
        #expect((deviation(weights.embedding) / 0.03 - 1).magnitude < 0.03)
        #expect((deviation(weights.unembedding.weight) / 0.03 - 1).magnitude < 0.03)
        for block in weights.blocks.resident {
            let mlp = try #require(block.mlp)
            #expect((deviation(block.attention.qkv.weight) / 0.03 - 1).magnitude < 0.05)
            #expect((deviation(mlp.up.weight) / 0.03 - 1).magnitude < 0.05)
            // What writes to the residual stream: divided by sqrt(16).
            #expect((deviation(block.attention.output.weight) / 0.0075 - 1).magnitude < 0.06)
            #expect((deviation(mlp.down.weight) / 0.0075 - 1).magnitude < 0.05)
            #expect(try #require(block.norm1.weight).isEqual(to: .ones([64])))
            #expect(try #require(block.norm2.bias).isEqual(to: .zeros([64])))
            #expect(try #require(block.attention.qkv.bias).isEqual(to: .zeros([192])))
        }
        // Positions: row 0 is sin 0, cos 0; row p begins with sin p.
        let positions = try #require(weights.positions)
        #expect(positions[0].isEqual(to: .cat([.zeros([32]), .full([32], 0.03)])))
        #expect((positions[5].floats[0] - 0.03 * sin(Float(5))).magnitude < 1e-7)
    }
}
