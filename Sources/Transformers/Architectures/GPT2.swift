// GPT-2 (Radford et al. 2019): learned positions, sequential blocks, tied unembedding.
import Checkpoints
import JSON
import Torch

enum GPT2: Architecture {
    static let modelTypes = ["gpt2"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let dModel = try json.require("n_embd").size()
        let headField = try json.require("n_head")
        let heads = try headField.size()
        let dHead = try headField.evenHeadWidth(dModel, heads: heads)
        let scales = try json["scale_attn_weights"]?.bool() ?? true
        return TransformerConfig(
            family: "gpt2",
            layers: try json.require("n_layer").size(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json["n_inner"]?.size() ?? 4 * dModel,
            vocabularySize: try json.require("vocab_size").size(),
            context: try (json["n_positions"] ?? json.require("n_ctx")).size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_epsilon"]?.double(above: 0) ?? 1e-5),
            positions: .learned,
            activation: try json["activation_function"]?.activation() ?? .geluTanh,
            attentionScale: scales ? nil : 1,
            dividesScoresByLayer: try json["scale_attn_by_inverse_layer_idx"]?.bool() ?? false,
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? true,
            bosTokenID: try json.bosTokenID()
        )
    }

    static func weights(from reader: WeightReader, _ config: TransformerConfig) throws -> TransformerWeights {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let embedding = try body.tensor("wte.weight", [vocab, d])
        return TransformerWeights(
            embedding: embedding,
            positions: try body.tensor("wpe.weight", [config.context, d]),
            blocks: try (0..<config.layers).map { layer in
                let name = "h.\(layer)."
                return BlockWeights(
                    norm1: try body.layerNorm(name + "ln_1", d),
                    attention: AttentionWeights(
                        qkv: try transposed(body, name + "attn.c_attn", 3 * d, d),
                        output: try transposed(body, name + "attn.c_proj", d, d)
                    ),
                    norm2: try body.layerNorm(name + "ln_2", d),
                    mlp: MLPWeights(
                        up: try transposed(body, name + "mlp.c_fc", config.dMLP, d),
                        down: try transposed(body, name + "mlp.c_proj", d, config.dMLP)
                    )
                )
            },
            finalNorm: try body.layerNorm("ln_f", d),
            unembedding: Linear(
                weight: config.tiesUnembedding ? embedding : try reader.tensor("lm_head.weight", [vocab, d]),
                bias: nil
            )
        )
    }

    /// GPT-2's maps are stored as [in, out].
    private static func transposed(_ reader: WeightReader, _ name: String, _ out: Int, _ input: Int) throws
        -> Linear
    {
        Linear(
            weight: try reader.tensor(name + ".weight", [input, out]) { $0.mT },
            bias: try reader.tensor(name + ".bias", [out])
        )
    }
}
