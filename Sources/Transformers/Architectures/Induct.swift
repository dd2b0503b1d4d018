// This project's own format: attention-only models, or with MLPs in sequential blocks; any of three kinds of positions.
//
// config.json: model_type "induct", n_layers, n_heads, d_model, d_head, d_vocab, n_ctx, d_mlp (0: attention-only),
// normalization ("layer_norm" or "none"), layer_norm_eps, positions ("learned", "rotary" or "none"), rotary_dim,
// rotary_base, activation, attention_bias, tie_embeddings, bos_token_id.
// model.safetensors: embed, pos_embed, blocks.L.{ln1, attn.{q, k, v, o}, ln2, mlp.{up, down}}, ln_final, unembed, each
// .weight [out, in] and .bias.
import Checkpoints
import JSON
import Torch

enum Induct: Architecture {
    static let modelTypes = ["induct"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let dHead = try json.require("d_head").size()
        let heads = try json.require("n_heads").size()
        let epsilon = try json["layer_norm_eps"]?.double(above: 0) ?? 1e-5
        return TransformerConfig(
            family: "induct",
            layers: try json.require("n_layers").size(),
            heads: heads,
            dModel: try json.require("d_model").size(),
            dHead: dHead,
            dMLP: try json["d_mlp"]?.int(min: 0, max: 1 << 24) ?? 0,
            vocabularySize: try json.require("d_vocab").size(),
            context: try json.require("n_ctx").size(),
            normalization: try json.require("normalization").string(oneOf: ["layer_norm", "none"]) == "none"
                ? .none : .layerNorm(epsilon: epsilon),
            positions: try positions(json, dHead),
            activation: try json["activation"]?.activation() ?? .geluTanh,
            attentionBias: try json["attention_bias"]?.bool() ?? true,
            tiesUnembedding: try json["tie_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    private static func positions(_ json: JSONField, _ dHead: Int) throws -> Positions {
        switch try json.require("positions").string(oneOf: ["learned", "none", "rotary"]) {
        case "learned": return .learned
        case "none": return .none
        default:
            let field = try json.require("rotary_dim")
            let dimensions = try field.int(min: 2, max: dHead)
            guard dimensions.isMultiple(of: 2) else { throw field.mismatch(expected: "an even number") }
            return .rotary(
                Rotary(dimensions: dimensions, base: try json["rotary_base"]?.double(above: 0) ?? 10_000)
            )
        }
    }

    static func weights(from reader: WeightReader, _ config: TransformerConfig) throws -> TransformerWeights {
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let width = config.heads * config.dHead
        let embedding = try reader.tensor("embed.weight", [vocab, d])
        func norm(_ name: String) throws -> NormWeights {
            config.normalization == .none ? NormWeights() : try reader.layerNorm(name, d)
        }
        return TransformerWeights(
            embedding: embedding,
            positions: config.positions == .learned
                ? try reader.tensor("pos_embed.weight", [config.context, d]) : nil,
            blocks: try (0..<config.layers).map { layer in
                let name = "blocks.\(layer)."
                let parts = try ["q", "k", "v"].map {
                    try reader.linear(name + "attn." + $0, width, d, bias: config.attentionBias)
                }
                let qkv = Linear(
                    weight: .cat(parts.map(\.weight)),
                    bias: config.attentionBias ? .cat(parts.compactMap(\.bias)) : nil
                )
                return BlockWeights(
                    norm1: try norm(name + "ln1"),
                    attention: AttentionWeights(
                        qkv: qkv,
                        output: try reader.linear(name + "attn.o", d, width, bias: config.attentionBias)
                    ),
                    norm2: config.isAttentionOnly ? NormWeights() : try norm(name + "ln2"),
                    mlp: config.isAttentionOnly
                        ? nil
                        : MLPWeights(
                            up: try reader.linear(name + "mlp.up", config.dMLP, d),
                            down: try reader.linear(name + "mlp.down", d, config.dMLP)
                        )
                )
            },
            finalNorm: try norm("ln_final"),
            unembedding: Linear(
                weight: config.tiesUnembedding ? embedding : try reader.tensor("unembed.weight", [vocab, d]),
                bias: reader.has("unembed.bias") ? try reader.tensor("unembed.bias", [vocab]) : nil
            )
        )
    }

    /// Every tensor under its name in the file.
    static func namedTensors(of weights: TransformerWeights, _ config: TransformerConfig) -> [(
        String, Tensor
    )] {
        var result: [(String, Tensor?)] = [
            ("embed.weight", weights.embedding), ("pos_embed.weight", weights.positions),
        ]
        func add(_ name: String, _ weight: Tensor?, _ bias: Tensor?) {
            result += [(name + ".weight", weight), (name + ".bias", bias)]
        }
        let width = config.heads * config.dHead
        for (layer, block) in weights.blocks.enumerated() {
            let name = "blocks.\(layer)."
            add(name + "ln1", block.norm1.weight, block.norm1.bias)
            for (index, part) in ["q", "k", "v"].enumerated() {
                let rows = index * width..<(index + 1) * width
                add(name + "attn." + part, block.attention.qkv.weight[rows], block.attention.qkv.bias?[rows])
            }
            add(name + "attn.o", block.attention.output.weight, block.attention.output.bias)
            add(name + "ln2", block.norm2.weight, block.norm2.bias)
            add(name + "mlp.up", block.mlp?.up.weight, block.mlp?.up.bias)
            add(name + "mlp.down", block.mlp?.down.weight, block.mlp?.down.bias)
        }
        add("ln_final", weights.finalNorm.weight, weights.finalNorm.bias)
        add("unembed", config.tiesUnembedding ? nil : weights.unembedding.weight, weights.unembedding.bias)
        return result.compactMap { name, tensor in tensor.map { (name, $0) } }
    }

    /// The fields of config.json.
    static func settings(of config: TransformerConfig) -> [String: any Sendable] {
        var settings: [String: any Sendable] = [
            "model_type": "induct", "n_layers": config.layers, "n_heads": config.heads,
            "d_model": config.dModel,
            "d_head": config.dHead, "d_vocab": config.vocabularySize, "n_ctx": config.context,
            "d_mlp": config.dMLP,
            "activation": config.activation == .geluTanh ? "gelu_new" : config.activation.rawValue,
            "attention_bias": config.attentionBias, "tie_embeddings": config.tiesUnembedding,
        ]
        settings["bos_token_id"] = config.bosTokenID
        switch config.normalization {
        case .none: settings["normalization"] = "none"
        case .layerNorm(let epsilon):
            settings["normalization"] = "layer_norm"
            settings["layer_norm_eps"] = epsilon
        }
        switch config.positions {
        case .none: settings["positions"] = "none"
        case .learned: settings["positions"] = "learned"
        case .rotary(let rotary):
            settings["positions"] = "rotary"
            settings["rotary_dim"] = rotary.dimensions
            settings["rotary_base"] = rotary.base
        }
        return settings
    }
}
