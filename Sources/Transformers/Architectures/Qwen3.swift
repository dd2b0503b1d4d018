// Qwen 3 (Qwen team 2025): the Llama layout with a norm on each head's queries and keys.
import Checkpoints
import JSON

enum Qwen3: Architecture {
    static let modelTypes = ["qwen3"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "qwen3", defaults: ["head_dim": 128])
        config.queryKeyNorm = .perHead
        config.windows = try Qwen2.windows(json, config.layers)
        return config
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
