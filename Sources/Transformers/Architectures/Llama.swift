// Llama 1 to 3 (Touvron et al. 2023, Llama team 2024), TinyLlama, SmolLM: the layout as it is.
import Checkpoints
import JSON

enum Llama: Architecture {
    static let modelTypes = ["llama"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        try LlamaLayout.config(from: json, family: "llama")
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        try LlamaLayout.ends(from: reader, config)
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        try LlamaLayout.block(layer, from: reader, config)
    }
}
