// Unembedding a residual by itself gives what the model predicts.
import Testing
import Torch
import Transformers

@Suite struct UnembeddingTests {
    @Test(arguments: Fixture.all)
    func theLastResidualGivesTheLogits(fixture: Fixture) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded("reference")
        let run = try model.run(tokens, recording: [.residPost])
        let residual = try run[.residPost, layer: model.config.layers - 1]
        let expected = try #require(values["logits"])
        let found = model.unembed(residual)
        #expect(found.shape == residual.shape.dropLast() + [model.config.vocabularySize])
        #expect(relativeError(found, expected) < 1e-5)
        let rows = model.unembed(residual[1])
        #expect(relativeError(rows, expected[1]) < 1e-5)
        let uncapped = model.unembed(residual, capped: false)
        if let cap = model.config.logitCap {
            #expect(relativeError((uncapped / cap).tanh() * cap, found) < 1e-6)
            #expect(relativeError(uncapped, found) > 1e-3)
        } else {
            #expect(uncapped.isEqual(to: found))
        }
    }

    @Test func logitsAreFloat32() throws {
        let fixture = Fixture(name: "gemma2")
        let model = try fixture.model(dtype: .bfloat16)
        let residual = RandomSource(seed: 3).normal([4, model.config.dModel]).to(.bfloat16)
        #expect(model.unembed(residual).dtype == .float32)
    }
}
