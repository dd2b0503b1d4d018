// GPT-NeoX (Black et al. 2022), the family of Pythia: rotary positions on a share of each head, parallel blocks.
import Checkpoints
import JSON
import Torch

enum GPTNeoX: Architecture {
    static let modelTypes = ["gpt_neox"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let (dModel, heads, dHead) = try json.evenHeads(width: "hidden_size", heads: "num_attention_heads")
        return TransformerConfig(
            family: "gpt_neox",
            layers: try json.require("num_hidden_layers").layerCount(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json.require("intermediate_size").size(),
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("max_position_embeddings").size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_eps"]?.double(above: 0) ?? 1e-5),
            positions: .rotary(
                try json.rotary(
                    dHead: dHead,
                    base: 10_000,
                    share: 0.25,
                    olderBase: ["rope_theta", "rotary_emb_base"]
                )
            ),
            block: try json["use_parallel_residual"]?.bool() ?? true ? .parallel : .sequential,
            activation: try json["hidden_act"]?.activation() ?? .gelu,
            biases: try json["attention_bias"]?.bool() ?? true
                ? [.attention, .mlp, .norms] : [.mlp, .norms],
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let body = reader.under("gpt_neox.", ifPresent: "embed_in.weight")
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let unembedding = reader.has("lm_head.weight") ? "lm_head" : "embed_out"
        let embedding = try body.tensor("embed_in.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            finalNorm: try body.layerNorm("final_layer_norm", d),
            unembedding: try reader.unembedding(unembedding, tiedTo: embedding, config)
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let body = reader.under("gpt_neox.", ifPresent: "embed_in.weight")
        let (d, name) = (config.dModel, "layers.\(layer).")
        return BlockWeights(
            norm1: try body.layerNorm(name + "input_layernorm", d),
            attention: AttentionWeights(
                qkv: try queriesKeysValues(body, name + "attention.query_key_value", config),
                output: try body.linear(
                    name + "attention.dense",
                    d,
                    d,
                    bias: config.biases.contains(.attentionOutput)
                )
            ),
            norm2: try body.layerNorm(name + "post_attention_layernorm", d),
            mlp: MLPWeights(
                up: try body.linear(name + "mlp.dense_h_to_4h", config.dMLP, d),
                down: try body.linear(name + "mlp.dense_4h_to_h", d, config.dMLP)
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
            config.biases.contains(.queryKeyValue)
            ? try reader.tensor(name + ".bias", [3 * d]) { $0.reshape(heads, 3, width).transpose(0, 1) } : nil
        return Linear(weight: weight.reshape(3 * d, d), bias: bias?.reshape(3 * d))
    }
}
