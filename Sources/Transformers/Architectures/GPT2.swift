// GPT-2 (Radford et al. 2019): learned positions, sequential blocks, tied unembedding.
import Checkpoints
import JSON
import Torch

enum GPT2: Architecture {
    static let modelTypes = ["gpt2"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let (dModel, heads, dHead) = try json.evenHeads(width: "n_embd", heads: "n_head")
        let scales = try json["scale_attn_weights"]?.bool() ?? true
        return TransformerConfig(
            family: "gpt2",
            layers: try json.require("n_layer").layerCount(),
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

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let embedding = try body.tensor("wte.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            positions: try body.tensor("wpe.weight", [config.context, d]),
            finalNorm: try body.layerNorm("ln_f", d, bias: config.biases.contains(.norms)),
            unembedding: try reader.unembedding(tiedTo: embedding, config)
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        try block(layer, from: reader, config, isTransposed: true)
    }

    /// A block in GPT-2's names.
    ///
    /// - Parameter isTransposed: whether maps are stored as [in, out], as GPT-2's are and nanoGPT's are not.
    static func block(
        _ layer: Int,
        from reader: WeightReader,
        _ config: TransformerConfig,
        isTransposed: Bool
    ) throws -> BlockWeights {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, name, biases) = (config.dModel, "h.\(layer).", config.biases)
        func map(_ part: String, _ out: Int, _ input: Int, _ bias: Biases) throws -> Linear {
            guard isTransposed else {
                return try body.linear(name + part, out, input, bias: biases.contains(bias))
            }
            return Linear(
                weight: try body.tensor(name + part + ".weight", [input, out]) { $0.mT },
                bias: biases.contains(bias) ? try body.tensor(name + part + ".bias", [out]) : nil
            )
        }
        func norm(_ part: String) throws -> NormWeights {
            try body.layerNorm(name + part, d, bias: biases.contains(.norms))
        }
        return BlockWeights(
            norm1: try norm("ln_1"),
            attention: AttentionWeights(
                qkv: try map("attn.c_attn", 3 * d, d, .queryKeyValue),
                output: try map("attn.c_proj", d, d, .attentionOutput)
            ),
            norm2: try norm("ln_2"),
            mlp: MLPWeights(
                up: try map("mlp.c_fc", config.dMLP, d, .mlp),
                down: try map("mlp.c_proj", d, config.dMLP, .mlp)
            )
        )
    }
}
