// The matrix of a rotation does what the model does.
import Testing
import Torch
import Transformers

@Suite struct RotationMatrixTests {
    private static let rotary = [
        "gpt-neox-parallel", "induct-rotary", "llama-llama3", "llama-linear", "phi", "gptj", "qwen3",
        "gemma3",
    ].map(Fixture.init)

    @Test(arguments: rotary)
    func turnsQueriesAsTheModelDoes(fixture: Fixture) throws {
        let model = try fixture.model()
        let config = model.config
        let tokens = try Tokens([[5, 9, 2, 2, 30, 17, 8, 11]])
        let selectors = [Selector(.q), Selector(.rotatedQ), Selector(.rotatedK)]
        let run = try model.run(tokens, recording: selectors + [.k])
        for layer in 0..<config.layers {
            let attention = model.weights.blocks.resident[layer].attention
            func normed(_ x: Tensor, _ norm: NormWeights) -> Tensor {
                guard case .rms(let epsilon) = config.normalization, let gain = norm.weight else { return x }
                return x.rmsNorm(gain, epsilon: epsilon)
            }
            let queries = normed(try run[.q, layer: layer][0], attention.queryNorm).to(.float64)
            let keys = normed(try run[.k, layer: layer][0], attention.keyNorm).to(.float64)
            let turned = try run[.rotatedQ, layer: layer][0].to(.float64)
            let turnedKeys = try run[.rotatedK, layer: layer][0].to(.float64)
            for query in 0..<8 {
                let own = try #require(config.rotationMatrix(of: layer, offset: query))
                #expect(relativeError(queries[query].matmul(own), turned[query]) < 1e-5)
                for key in 0...query {
                    let between = try #require(config.rotationMatrix(of: layer, offset: query - key))
                    // Only the distance counts: [head, e] [e, e] [e, key/value head]
                    let scores = queries[query].matmul(between).matmul(keys[key].mT)
                    let expected = turned[query].matmul(turnedKeys[key].mT)
                    #expect(relativeError(scores, expected) < 1e-5)
                }
            }
        }
    }

    @Test func otherModelsHaveNone() throws {
        for name in ["gpt2", "induct-positionless"] {
            #expect(try Fixture(name: name).model().config.rotationMatrix(of: 0, offset: 1) == nil)
        }
    }
}
