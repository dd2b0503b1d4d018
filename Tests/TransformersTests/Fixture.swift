// Recorded models and activations; see Scripts/references.
import Checkpoints
import Foundation
import Testing
import Torch
import Transformers

/// A model directory with activations recorded from PyTorch.
struct Fixture: CustomTestStringConvertible, Sendable {
    let name: String

    var testDescription: String { name }

    static let all = [
        "gpt2", "gpt2-untied", "gpt2-relu", "gpt-neox-parallel", "gpt-neox-sequential", "gpt-neox-tied",
        "induct-attention", "induct-rotary", "induct-positionless", "induct-mlp", "induct-sinusoidal",
        "induct-smeared", "induct-smeared-rotary", "llama", "llama-llama3",
        "llama-linear", "mistral", "qwen2", "qwen3", "olmo2", "phi", "gptj", "gpt-neo", "opt", "gemma",
        "gemma2", "gemma3", "nanogpt", "nanogpt-biasless",
    ].map(Fixture.init)

    var directory: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }

    func model(dtype: DType = .float32) throws -> Transformer {
        try Transformer(directory: directory, dtype: dtype)
    }

    /// Tokens and activations of one recorded run, by name.
    func recorded(_ file: String) throws -> (tokens: Tokens, values: [String: Tensor]) {
        let file = try SafetensorsFile(directory.appending(path: file + ".safetensors"))
        var values: [String: Tensor] = [:]
        for name in file.names {
            let stored = try file.tensor(named: name)
            values[name] = stored.withUnsafeBytes { bytes in
                Tensor.withView(of: bytes, shape: stored.shape, dtype: stored.dtype) { $0.copy() }
            }
        }
        let ids = values.removeValue(forKey: "tokens") ?? .zeros([0, 0])
        return (try Tokens((0..<ids.size(0)).map { ids[$0].ints }), values)
    }
}

/// Largest difference over largest magnitude; equal infinities agree.
func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    let finite = b.isFinite()
    guard a.isFinite().isEqual(to: finite) else { return .infinity }
    let (x, y) = (a.maskedFill(.!finite, 0), b.maskedFill(.!finite, 0))
    let scale = y.abs().max().scalar
    return (x - y).abs().max().scalar / (scale == 0 ? 1 : scale)
}
