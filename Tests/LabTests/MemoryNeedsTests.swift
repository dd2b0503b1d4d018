// Estimates of memory, and what is said where it does not suffice.
import Checkpoints
import Testing
import Torch
import Transformers

@testable import Lab

@Suite struct MemoryNeedsTests {
    let model: LoadedModel

    init() throws {
        model = try LoadedModel("induct-2l")
    }

    @Test func oneBlockAndTheEnds() {
        // d_model 64, 121 tokens, context 256; 65,657 elements, biases and gains too.
        let config = model.opened.config
        let total = model.opened.files.weights.parameterCount
        #expect(config.endParameterCount == 64 * (121 + 121 + 256))
        #expect(config.residentParameterCount(of: total, isResident: true) == total)
        let block = (total - config.endParameterCount) / 2
        #expect(
            config.residentParameterCount(of: total, isResident: false) == config.endParameterCount + block
        )
    }

    @Test func weights() throws {
        let opened = model.opened
        #expect(throws: Never.self) { try opened.checkWeights(dtype: .float32, isResident: true, free: nil) }
        let total = 4 * opened.files.weights.parameterCount
        #expect(throws: Never.self) {
            try opened.checkWeights(dtype: .float32, isResident: true, free: total)
        }
        let error = #expect(throws: MemoryError.self) {
            try opened.checkWeights(dtype: .float32, isResident: true, free: total - 1)
        }
        #expect(
            error?.description == """
                induct-2l needs 0.00 GB for its weights in float32, 0.00 GB of memory are free. What fits: --dtype bfloat16 \
                (0.00 GB), --memory-saver (0.00 GB), --memory-saver --dtype bfloat16 (0.00 GB).
                """
        )
    }

    @Test func activations() throws {
        let error = #expect(throws: MemoryError.self) {
            try model.transformer.checkActivations(
                batch: 40_000,
                positions: 251,
                unembedded: 0,
                isFused: false,
                free: 8_000_000_000
            )
        }
        // 4 bytes * (residual 3 * 251 * 64 + queries to z 251 * 16 * 16 + patterns 3 * 4 * 251 * 251) a prompt.
        #expect(
            error?.description == """
                40000 prompts of up to 251 tokens a forward pass need about 138.95 GB for activations, 8.00 GB of memory \
                are free. Use --batch-size 2302 or less.
                """
        )
    }

}
