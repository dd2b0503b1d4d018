// OLMo 2 (OLMo team 2024): the Llama layout with norms on what is written instead of what is read, and on queries and keys
// across heads.
import Checkpoints
import JSON

enum OLMo2: LlamaFamily {
    static let modelTypes = ["olmo2"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "olmo2")
        config.normalization = .rms(epsilon: try json["rms_norm_eps"]?.double(above: 0) ?? 1e-5)
        config.normPlacement = .after
        config.queryKeyNorm = .acrossHeads
        return config
    }
}
