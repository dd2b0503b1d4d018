// Gemma 3 (Gemma team 2025), its text half: Gemma 2 without caps, with norms on queries and keys, five layers with a window
// to one without, and a rotation of its own for either kind.
import Checkpoints
import JSON

enum Gemma3: LlamaFamily {
    static let modelTypes = ["gemma3_text", "gemma3"]
    static let gainOffset = 1.0

    static func config(from json: JSONField) throws -> TransformerConfig {
        let text = try json["text_config"] ?? json
        var config = try LlamaLayout.config(
            from: text,
            family: "gemma3_text",
            defaults: defaults,
            positions: positions
        )
        try config.takeGemmaHabits(text)
        try config.takeSecondGemmaHabits(text)
        config.queryKeyNorm = .perHead
        let period = try text["sliding_window_pattern"]?.size() ?? 6
        config.windows = try text.windows(
            layers: config.layers,
            size: text["sliding_window"]?.size() ?? 4096,
            isSliding: { !($0 + 1).isMultiple(of: period) }
        )
        return config
    }

    /// Files of models of text and images leave out what these sizes say.
    private static let defaults = [
        "vocab_size": 262_208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
        "max_position_embeddings": 131_072,
    ]

    private static func positions(_ json: JSONField, _ dHead: Int) throws -> Positions {
        .rotary(
            try json.rotary(dHead: dHead, base: 1_000_000, layerType: "full_attention"),
            local: try json.rotary(
                dHead: dHead,
                base: 10_000,
                layerType: "sliding_attention",
                olderBase: ["rope_local_base_freq"],
                isScaled: false
            )
        )
    }
}
