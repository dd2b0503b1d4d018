// Gemma 2 (Gemma team 2024): Gemma with norms on both sides, a window in every other layer, capped scores and logits.
import Checkpoints
import JSON

enum Gemma2: LlamaFamily {
    static let modelTypes = ["gemma2"]
    static let gainOffset = 1.0

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "gemma2", defaults: ["head_dim": 256])
        try config.takeGemmaHabits(json)
        try config.takeSecondGemmaHabits(json)
        config.windows = try json.windows(
            layers: config.layers,
            size: json["sliding_window"]?.size(),
            isSliding: { $0.isMultiple(of: 2) }
        )
        return config
    }
}

extension TransformerConfig {
    /// What Gemma 2 brought and Gemma 3 kept.
    mutating func takeSecondGemmaHabits(_ json: JSONField) throws {
        normPlacement = .beforeAndAfter
        let scalar = try json["query_pre_attn_scalar"]?.double(above: 0) ?? 256
        attentionScale = 1 / scalar.squareRoot()
        scoreCap = try json["attn_logit_softcapping"]?.double(above: 0)
        logitCap = try json["final_logit_softcapping"]?.double(above: 0)
    }
}
