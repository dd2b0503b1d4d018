import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite struct TorchWeightsTests {
    @Test func viewsAndSharedStorages() throws {
        let weights = try ModelFiles(fixture("tensors")).weights
        try expectTensors(of: weights, against: fixture("tensors"))
        #expect(try weights.tensor(named: "base").isContiguous)
        #expect(try weights.tensor(named: "base.transposed").strides == [1, 6])
        #expect(try !weights.tensor(named: "base.transposed").isContiguous)
        #expect(try weights.tensor(named: "base.tied").fileRange == weights.tensor(named: "base").fileRange)
        #expect(!weights.has("number") && !weights.has("size"))
    }

    @Test(
        arguments: [
            (
                "long", [2, 3],
                "has type int64, which cannot be computed with; save the model in float32, float16 or "
                    + "bfloat16."
            ),
            (
                "float8", [3],
                "has type float8_e4m3fn, which cannot be computed with; save the model in float32, float16 or "
                    + "bfloat16."
            ),
            (
                "uint16", [3],
                "has type uint16, which cannot be computed with; save the model in float32, float16 or bfloat16."
            ),
            (
                "repeated", [2, 1000],
                "of shape [2, 1000] repeats fewer numbers than it has elements; save it with "
                    + ".contiguous()."
            ),
            (
                "base", [6, 4],
                "has shape [4, 6], the config asks for [6, 4]; the two do not belong together."
            ),
        ] as [(String, [Int], String)]
    )
    func whatCannotBeLoaded(name: String, shape: [Int], expected: String) throws {
        let weights = try ModelFiles(fixture("tensors")).weights
        let file = fixture("tensors/pytorch_model.bin").path
        #expect(
            throws: (any Error).self,
            performing: { try weights.load(name, shape: shape, dtype: .float32, device: .cpu) { $0 } }
        )
        do {
            _ = try weights.load(name, shape: shape, dtype: .float32, device: .cpu) { $0 }
        } catch {
            #expect("\(error)" == "\(file): tensor \(name) \(expected)")
        }
    }
}
