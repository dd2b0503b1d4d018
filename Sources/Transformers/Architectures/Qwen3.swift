// Qwen 3 (Qwen team 2025): the Llama layout with a norm on each head's queries and keys.
import Checkpoints
import JSON

enum Qwen3: LlamaFamily {
    static let modelTypes = ["qwen3"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "qwen3", defaults: ["head_dim": 128])
        config.queryKeyNorm = .perHead
        config.windows = try Qwen2.windows(json, config.layers)
        return config
    }
}
