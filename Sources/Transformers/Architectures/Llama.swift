// Llama 1 to 3 (Touvron et al. 2023, Llama team 2024), TinyLlama, SmolLM: the layout as it is.
import Checkpoints
import JSON

enum Llama: LlamaFamily {
    static let modelTypes = ["llama"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        try LlamaLayout.config(from: json, family: "llama")
    }
}
