// Mistral (Jiang et al. 2023): the Llama layout with a window in every layer.
import Checkpoints
import JSON

enum Mistral: LlamaFamily {
    static let modelTypes = ["mistral"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "mistral")
        // `null` means no window; only files that do not speak of it have the first model's.
        let window = try json.member("sliding_window") == nil ? 4096 : json["sliding_window"]?.size()
        if let window { config.windows = Array(repeating: window, count: config.layers) }
        return config
    }
}
