// Qwen 2 and 2.5 (Qwen team 2024): the Llama layout with biases on queries, keys and values.
import Checkpoints
import JSON

enum Qwen2: LlamaFamily {
    static let modelTypes = ["qwen2"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "qwen2")
        config.biases = .queryKeyValue
        config.windows = try windows(json, config.layers)
        return config
    }

    /// The upper layers have a window where the file says so.
    static func windows(_ json: JSONField, _ layers: Int) throws -> [Int?] {
        let isUsed = try json["use_sliding_window"]?.bool() ?? false
        let first = try json["max_window_layers"]?.int(min: 0) ?? 28
        return try json.windows(
            layers: layers,
            size: isUsed ? json["sliding_window"]?.size() ?? 4096 : nil,
            isSliding: { $0 >= first }
        )
    }
}
