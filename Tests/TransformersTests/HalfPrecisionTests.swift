// Weights and activations in 16 bits: within 16 steps of the type (2^-8 and 2^-11) of the float32 run, after two to four
// layers.
import Testing
import Torch
import Transformers

@Suite struct HalfPrecisionTests {
    @Test(arguments: Fixture.all, [DType.bfloat16, .float16])
    func logitsAreNear(fixture: Fixture, dtype: DType) throws {
        let (tokens, values) = try fixture.recorded("reference")
        let model = try fixture.model(dtype: dtype)
        #expect(model.dtype == dtype)
        let run = try model.run(tokens, recording: [.pattern])
        let error = relativeError(try run.logits.to(.float32), try #require(values["logits"]))
        #expect(error < 16 / (dtype == .bfloat16 ? 256 : 2048), "\(error)")
    }
}
