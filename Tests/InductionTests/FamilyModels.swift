// Small random models of every family, which the tests of Transformers load too.
import Foundation
import Transformers

/// The models recorded for the tests of Transformers, by name.
enum FamilyModels {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")

    static let names: [String] = [
        "gpt2", "gpt2-untied", "gpt2-relu", "gpt-neox-parallel", "gpt-neox-sequential", "gpt-neox-tied",
        "induct-attention", "induct-rotary", "induct-positionless", "induct-mlp", "induct-sinusoidal",
        "induct-smeared", "induct-smeared-rotary", "llama", "llama-llama3",
        "llama-linear", "mistral", "qwen2", "qwen3", "olmo2", "phi", "gptj", "gpt-neo", "opt", "gemma",
        "gemma2", "gemma3", "nanogpt", "nanogpt-biasless",
    ]

    static func model(_ name: String) throws -> Transformer {
        try Transformer(directory: directory.appending(path: name))
    }

    /// Prompts of unequal lengths over the ids that every one of the models has.
    static func prompts(seed: UInt64, count: Int = 5) throws -> Tokens {
        try Tokens(randomPrompts(count: count, ids: 30, bos: 31, lengths: 4..<15, seed: seed))
    }
}
