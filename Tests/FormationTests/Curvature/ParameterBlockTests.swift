// Blocks: together all parameters, each once; names that are read back.
import Testing
import Torch
import Transformers

@testable import Formation

@Suite struct ParameterBlockTests {
    @Test(arguments: configs)
    func blocksAreAllParametersInTheirOrder(config: TransformerConfig) {
        let model = Transformer.initialized(config, using: RandomSource(seed: 1))
        let (tensors, all) = (model.parametersByBlock.map(\.tensor), model.parameters)
        #expect(tensors.count == all.count)
        // Equal values could be two tensors' zeros: what is written to one is seen in the other.
        for (index, (one, other)) in zip(tensors, all).enumerated() {
            one.fill(Double(index + 1))
            #expect(other.isEqual(to: .full(other.shape, Double(index + 1))))
        }
    }

    @Test func blocksHaveNames() throws {
        let model = Transformer.initialized(smallConfig(dMLP: 10), using: RandomSource(seed: 1))
        let names = model.parameterBlocks.map(\.description)
        #expect(
            names == [
                "embedding", "positions", "norms.0", "attention.0", "mlp.0", "norms.1", "attention.1",
                "mlp.1",
                "final-norm", "unembedding",
            ]
        )
        for (name, block) in zip(names, model.parameterBlocks) {
            #expect(try model.parameterBlock(named: name) == block)
        }
        let plain = Transformer.initialized(
            smallConfig(normalization: .none, positions: .none),
            using: RandomSource(seed: 1)
        )
        #expect(
            plain.parameterBlocks == [.embedding, .attention(layer: 0), .attention(layer: 1), .unembedding]
        )
    }

    @Test func aBlockThatIsNotThereIsNamedWithThoseThatAre() throws {
        let model = Transformer.initialized(
            smallConfig(normalization: .none, positions: .none),
            using: RandomSource(seed: 1)
        )
        let tokens = try Tokens([[0, 1, 2]])
        let available = ["embedding", "attention.0", "attention.1", "unembedding"]
        #expect(throws: CurvatureError.unknownBlock("mlp.0", available: available)) {
            try model.parameterBlock(named: "mlp.0")
        }
        #expect(throws: CurvatureError.unknownBlock("positions", available: available)) {
            try HessianOperator(model, on: tokens, blocks: [.embedding, .positions])
        }
        #expect(throws: CurvatureError.noBlocks(available: available)) {
            try HessianOperator(model, on: tokens, blocks: [])
        }
    }
}
