// Gemma (Gemma team 2024): the Llama layout with a scaled embedding, gains stored less one, a GELU gate.
import Checkpoints
import JSON
import Torch

enum Gemma: LlamaFamily {
    static let modelTypes = ["gemma"]
    static let gainOffset = 1.0

    static func config(from json: JSONField) throws -> TransformerConfig {
        var config = try LlamaLayout.config(from: json, family: "gemma", defaults: ["head_dim": 256])
        try config.takeGemmaHabits(json)
        return config
    }
}

extension TransformerConfig {
    /// What all Gemmas do otherwise than Llama.
    mutating func takeGemmaHabits(_ json: JSONField) throws {
        try json.refuse(
            "use_bidirectional_attention",
            unless: false,
            remedy: "use a model that attends causally"
        )
        embeddingScale = Double(dModel).squareRoot()
        // The first files say "gelu" and mean its tanh form.
        let name = try json["hidden_activation"] ?? json["hidden_act"]
        activation = try name?.activation() ?? .geluTanh
        if activation == .gelu { activation = .geluTanh }
        tiesUnembedding = try json["tie_word_embeddings"]?.bool() ?? true
        bosTokenID = try json.bosTokenID() ?? 2
        prependsBOS = true
    }
}
