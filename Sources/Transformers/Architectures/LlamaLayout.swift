// The layout that Llama brought and many families took over: RMS norms, rotary positions, shared key/value heads, a gated
// MLP, and the names of its settings and tensors. What a family does otherwise stands in its own file.
import Checkpoints
import JSON
import Torch

/// A family in this layout.
protocol LlamaFamily: Architecture {
    /// 1 where gains are stored less one.
    static var gainOffset: Double { get }
}

extension LlamaFamily {
    static var gainOffset: Double { 0 }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        try LlamaLayout.ends(from: reader, config, gainOffset: gainOffset)
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        try LlamaLayout.block(layer, from: reader, config, gainOffset: gainOffset)
    }
}

enum LlamaLayout {
    /// The settings that all of these families have.
    ///
    /// - Parameters:
    ///   - defaults: sizes where the file leaves them out, by name.
    ///   - positions: how positions enter, from the file and the width of a head.
    static func config(
        from json: JSONField,
        family: String,
        defaults: [String: Int] = [:],
        positions: (_ json: JSONField, _ dHead: Int) throws -> Positions = oneRotation
    ) throws -> TransformerConfig {
        func size(_ name: String) throws -> Int {
            if let fallback = defaults[name] { return try json[name]?.size() ?? fallback }
            return try json.require(name).size()
        }
        let (dModel, heads) = (try size("hidden_size"), try size("num_attention_heads"))
        let dHead =
            try json["head_dim"]?.size() ?? defaults["head_dim"]
            ?? json.require("num_attention_heads").evenHeadWidth(dModel, heads: heads)
        let positions = try positions(json, dHead)
        return TransformerConfig(
            family: family,
            layers: try json["num_hidden_layers"]?.layerCount() ?? size("num_hidden_layers"),
            heads: heads,
            keyValueHeads: try json.keyValueHeads(of: heads, default: defaults["num_key_value_heads"]),
            dModel: dModel,
            dHead: dHead,
            dMLP: try size("intermediate_size"),
            vocabularySize: try size("vocab_size"),
            context: try size("max_position_embeddings"),
            normalization: .rms(epsilon: try json["rms_norm_eps"]?.double(above: 0) ?? 1e-6),
            positions: positions,
            activation: try json["hidden_act"]?.activation() ?? .silu,
            isGated: true,
            biases: try biases(json),
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    /// One rotation for all layers.
    static func oneRotation(_ json: JSONField, _ dHead: Int) throws -> Positions {
        .rotary(try json.rotary(dHead: dHead, base: 10_000))
    }

    private static func biases(_ json: JSONField) throws -> Biases {
        var biases: Biases = []
        if try json["attention_bias"]?.bool() ?? false { biases.formUnion(.attention) }
        if try json["mlp_bias"]?.bool() ?? false { biases.formUnion(.mlp) }
        return biases
    }

    /// What stands before and after the blocks.
    ///
    /// - Parameter gainOffset: 1 in families that store gains less one.
    static func ends(from reader: WeightReader, _ config: TransformerConfig, gainOffset: Double) throws
        -> EndWeights
    {
        let body = body(reader)
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let embedding = try body.tensor("embed_tokens.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            finalNorm: try body.rmsNorm("norm", d, offset: gainOffset),
            unembedding: try reader.unembedding(tiedTo: embedding, config)
        )
    }

    /// The weights of one block.
    static func block(
        _ layer: Int,
        from reader: WeightReader,
        _ config: TransformerConfig,
        gainOffset: Double
    ) throws -> BlockWeights {
        let body = body(reader)
        let (d, name) = (config.dModel, "layers.\(layer).")
        let names = NormNames(config.normPlacement)
        func norm(_ part: String?) throws -> NormWeights {
            try part.map { try body.rmsNorm(name + $0, d, offset: gainOffset) } ?? NormWeights()
        }
        func headNorm(_ part: String, heads: Int) throws -> NormWeights {
            if config.queryKeyNorm == .none { return NormWeights() }
            let width = config.queryKeyNorm == .perHead ? config.dHead : heads * config.dHead
            return try body.rmsNorm(name + "self_attn." + part, width, offset: gainOffset)
        }
        var attention = try body.attention(name + "self_attn.", output: "o_proj", config)
        attention.queryNorm = try headNorm("q_norm", heads: config.heads)
        attention.keyNorm = try headNorm("k_norm", heads: config.keyValueHeads)
        var mlp = try body.mlp(up: name + "mlp.up_proj", down: name + "mlp.down_proj", config)
        mlp.gate = try body.linear(
            name + "mlp.gate_proj",
            config.dMLP,
            d,
            bias: config.biases.contains(.mlp)
        )
        return BlockWeights(
            norm1: try norm(names.attention),
            attention: attention,
            norm1Post: try norm(names.attentionPost),
            norm2: try norm(names.mlp),
            mlp: mlp,
            norm2Post: try norm(names.mlpPost)
        )
    }

    /// The decoder: alone, under a language model's head, or as the text half of a model of text and images, whose
    /// files have had two orders of the words.
    private static func body(_ reader: WeightReader) -> WeightReader {
        reader.under(
            "model.",
            "language_model.model.",
            "model.language_model.",
            ifPresent: "embed_tokens.weight"
        )
    }
}

/// What the norms of a block are called: `post_attention_layernorm` stands before the MLP in Llama, and after attention
/// where attention's output is normalised.
private struct NormNames {
    var attention: String?
    var attentionPost: String?
    var mlp: String?
    var mlpPost: String?

    init(_ placement: NormPlacement) {
        switch placement {
        case .before:
            (attention, mlp) = ("input_layernorm", "post_attention_layernorm")
        case .after:
            (attentionPost, mlpPost) = ("post_attention_layernorm", "post_feedforward_layernorm")
        case .beforeAndAfter:
            (attention, attentionPost) = ("input_layernorm", "post_attention_layernorm")
            (mlp, mlpPost) = ("pre_feedforward_layernorm", "post_feedforward_layernorm")
        }
    }
}
