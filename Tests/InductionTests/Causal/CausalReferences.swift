// What TransformerLens's loops found on small random models; see Scripts/references/causal_references.py.
import Checkpoints
import Foundation
import Torch
import Transformers

@testable import Induction

/// One model with what was recorded of it.
struct CausalReferences {
    /// Ids and settings.
    struct Settings: Decodable {
        let tokens: [[Int]]
        let corrupted: [[Int]]
        let answers: [Int]
        let foils: [Int]
        let baseFoils: [Int]
        let permutation: [Int]

        enum CodingKeys: String, CodingKey {
            case tokens, corrupted, answers, foils, permutation
            case baseFoils = "base_foils"
        }
    }

    static let names = ["gpt2", "gpt-neox", "llama"]

    let model: Transformer
    let settings: Settings
    private let file: SafetensorsFile

    init(_ name: String) throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/causal/\(name)")
        model = try Transformer(directory: directory)
        settings = try JSONDecoder().decode(
            Settings.self,
            from: Data(contentsOf: directory.appending(path: "references.json"))
        )
        file = try SafetensorsFile(directory.appending(path: "references.safetensors"))
    }

    /// An array by name, in float64.
    func callAsFunction(_ name: String) throws -> Tensor {
        let stored = try file.tensor(named: name)
        return stored.withUnsafeBytes { bytes in
            Tensor.withView(of: bytes, shape: stored.shape, dtype: stored.dtype) { $0.to(.float64) }
        }
    }

    /// Whether there is such an array.
    func has(_ name: String) -> Bool { file.contains(name) }

    /// Largest difference over largest magnitude: [component][prompt][metric] for one metric, and an array whose last
    /// axis is the prompts.
    static func error(_ values: [[[Double]]], _ metric: Int, _ reference: Tensor) -> Double {
        let (own, expected) = (values.flatMap { $0.map { $0[metric] } }, reference.doubles)
        guard own.count == expected.count else { return .infinity }
        let largest = expected.map(\.magnitude).max() ?? 0
        return (zip(own, expected).map { ($0 - $1).magnitude }.max() ?? 0) / max(largest, 1e-30)
    }

    /// The prompts; without foils those of the clean run are to be found.
    func prompts(hasFoils: Bool = true) throws -> CausalPrompts {
        try CausalPrompts(
            clean: Tokens(settings.tokens),
            corrupted: Tokens(settings.corrupted),
            targets: settings.tokens.indices.map { prompt in
                PredictionTarget(
                    cell: OutputCell(prompt: prompt, position: settings.tokens[prompt].count - 1),
                    answer: settings.answers[prompt],
                    foil: hasFoils ? settings.foils[prompt] : nil
                )
            }
        )
    }
}
