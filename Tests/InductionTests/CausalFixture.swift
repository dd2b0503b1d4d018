// What heads and layers cause, recorded from TransformerLens; Scripts/references/causal_references.py says what each
// array is.
import Checkpoints
import Foundation
import Testing
import Torch
import Transformers

/// A small random model, prompts with answers, and recorded tables.
struct CausalFixture: CustomTestStringConvertible, Sendable {
    /// Ids and settings, as references.json holds them.
    struct Settings: Decodable, Sendable {
        let tokens: [[Int]]
        let corrupted: [[Int]]
        let answers: [Int]
        /// Foils of patching, paths, attribution.
        let foils: [Int]
        /// Foils of ablations.
        let base_foils: [Int]
        /// Prompt i takes the activation of prompt permutation[i].
        let permutation: [Int]
        let lens_positions: [Int]
        let components: [String]
    }

    let name: String

    var testDescription: String { name }

    static let all = ["gpt2", "gpt-neox", "llama"].map(CausalFixture.init)

    private var directory: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/causal/\(name)")
    }

    func model() throws -> Transformer { try Transformer(directory: directory) }

    func settings() throws -> Settings {
        let file = directory.appending(path: "references.json")
        return try JSONDecoder().decode(Settings.self, from: Data(contentsOf: file))
    }

    /// All recorded arrays, by name.
    func tables() throws -> [String: Tensor] {
        let file = try SafetensorsFile(directory.appending(path: "references.safetensors"))
        return try Dictionary(
            uniqueKeysWithValues: file.names.map { name in
                let stored = try file.tensor(named: name)
                let value = stored.withUnsafeBytes { bytes in
                    Tensor.withView(of: bytes, shape: stored.shape, dtype: stored.dtype) { $0.copy() }
                }
                return (name, value)
            }
        )
    }
}
