// GPT-NeoX (Black et al. 2022), the family of Pythia: rotary positions on a share of each head, parallel blocks.
import Checkpoints
import JSON
import Torch

enum GPTNeoX: Architecture {
    static let modelTypes = ["gpt_neox"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let dModel = try json.require("hidden_size").size()
        let headField = try json.require("num_attention_heads")
        let heads = try headField.size()
        let dHead = try headField.evenHeadWidth(dModel, heads: heads)
        return TransformerConfig(
            family: "gpt_neox",
            layers: try json.require("num_hidden_layers").size(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json.require("intermediate_size").size(),
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("max_position_embeddings").size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_eps"]?.double(above: 0) ?? 1e-5),
            positions: .rotary(try rotary(json, dHead)),
            block: try json["use_parallel_residual"]?.bool() ?? true ? .parallel : .sequential,
            activation: try json["hidden_act"]?.activation() ?? .gelu,
            attentionBias: try json["attention_bias"]?.bool() ?? true,
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    /// transformers 5 writes `rope_parameters`, earlier ones `rotary_pct` and `rotary_emb_base` (or `rope_theta`).
    private static func rotary(_ json: JSONField, _ dHead: Int) throws -> Rotary {
        let parameters = try json["rope_parameters"]
        let kinds = try [
            parameters?["rope_type"], json["rope_scaling"]?["rope_type"], json["rope_scaling"]?["type"],
        ]
        if let field = kinds.compactMap({ $0 }).first, try field.string() != "default" {
            throw CheckpointError.unsupported(
                source: field.source,
                setting: "\(field.path) \(field.summary)",
                remedy: "use a model without rope scaling"
            )
        }
        let share =
            try parameters?["partial_rotary_factor"] ?? json["partial_rotary_factor"] ?? json["rotary_pct"]
        let base = try parameters?["rope_theta"] ?? json["rope_theta"] ?? json["rotary_emb_base"]
        let dimensions = Int(Double(dHead) * (try share?.double(min: 0, max: 1) ?? 0.25))
        guard dimensions > 0, dimensions.isMultiple(of: 2) else {
            throw (share ?? json).mismatch(
                expected: "a share of \(dHead) that is an even number of dimensions"
            )
        }
        return Rotary(dimensions: dimensions, base: try base?.double(above: 0) ?? 10_000)
    }

    static func weights(from reader: WeightReader, _ config: TransformerConfig) throws -> TransformerWeights {
        let body = reader.under("gpt_neox.", ifPresent: "embed_in.weight")
        let (d, vocab, bias) = (config.dModel, config.vocabularySize, config.attentionBias)
        let embedding = try body.tensor("embed_in.weight", [vocab, d])
        let unembedding = reader.has("lm_head.weight") ? "lm_head.weight" : "embed_out.weight"
        return TransformerWeights(
            embedding: embedding,
            positions: nil,
            blocks: try (0..<config.layers).map { layer in
                let name = "layers.\(layer)."
                return BlockWeights(
                    norm1: try body.layerNorm(name + "input_layernorm", d),
                    attention: AttentionWeights(
                        qkv: try queriesKeysValues(body, name + "attention.query_key_value", config),
                        output: try body.linear(name + "attention.dense", d, d, bias: bias)
                    ),
                    norm2: try body.layerNorm(name + "post_attention_layernorm", d),
                    mlp: MLPWeights(
                        up: try body.linear(name + "mlp.dense_h_to_4h", config.dMLP, d),
                        down: try body.linear(name + "mlp.dense_4h_to_h", d, config.dMLP)
                    )
                )
            },
            finalNorm: try body.layerNorm("final_layer_norm", d),
            unembedding: Linear(
                weight: config.tiesUnembedding ? embedding : try reader.tensor(unembedding, [vocab, d]),
                bias: nil
            )
        )
    }

    /// Stored head by head, each with its queries, keys and values; ours are all queries, all keys, all values.
    private static func queriesKeysValues(
        _ reader: WeightReader,
        _ name: String,
        _ config: TransformerConfig
    ) throws -> Linear {
        let (heads, width, d) = (config.heads, config.dHead, config.dModel)
        let weight = try reader.tensor(name + ".weight", [3 * d, d]) {
            $0.reshape(heads, 3, width, d).transpose(0, 1)  // [3, heads, d_head, d_model]
        }
        let bias =
            try config.attentionBias
            ? reader.tensor(name + ".bias", [3 * d]) { $0.reshape(heads, 3, width).transpose(0, 1) } : nil
        return Linear(weight: weight.reshape(3 * d, d), bias: bias?.reshape(3 * d))
    }
}
