// Fresh models: the right shapes and spread, and the parameters that training changes.
import Foundation
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
    isTied: Bool = false
) -> TransformerConfig {
    TransformerConfig(
        family: "induct",
        layers: 2,
        heads: 3,
        dModel: dModel,
        dHead: 8,
        dMLP: dMLP,
        vocabularySize: 19,
        context: 24,
        normalization: normalization,
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
]

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
