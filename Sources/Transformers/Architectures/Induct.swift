// This project's own format: attention-only models, or with MLPs in sequential blocks; any kind of positions.
//
// config.json: model_type "induct", n_layers, n_heads, d_model, d_head, d_vocab, n_ctx, d_mlp (0: attention-only),
// normalization ("layer_norm" or "none"), layer_norm_eps, positions ("learned", "sinusoidal", "rotary" or "none"),
// position_amplitude (of sinusoids; 1), rotary_dim (the whole head), rotary_base (10000), smeared_keys (false),
// activation, attention_bias, tie_embeddings, bos_token_id. In brackets: what is meant where a field is left out.
// model.safetensors: embed, pos_embed (learned positions only), blocks.L.{ln1, attn.{q, k, v, o}, ln2, mlp.{up, down}},
// ln_final, unembed, each .weight [out, in] and .bias; blocks.L.attn.smear [n_heads] where keys are smeared.
import Checkpoints
import Foundation
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
            layers: try json.require("n_layers").layerCount(),
            heads: heads,
            dModel: try json.require("d_model").size(),
            dHead: dHead,
            dMLP: try json["d_mlp"]?.int(min: 0, max: 1 << 24) ?? 0,
            vocabularySize: try json.require("d_vocab").size(),
            context: try json.require("n_ctx").size(),
            normalization: try json.require("normalization").string(oneOf: ["layer_norm", "none"]) == "none"
                ? .none : .layerNorm(epsilon: epsilon),
            smearsKeys: try json["smeared_keys"]?.bool() ?? false,
            positions: try positions(json, dHead),
            activation: try json["activation"]?.activation() ?? .geluTanh,
            biases: try json["attention_bias"]?.bool() ?? true
                ? [.attention, .mlp, .norms] : [.mlp, .norms],
            tiesUnembedding: try json["tie_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    private static func positions(_ json: JSONField, _ dHead: Int) throws -> Positions {
        let kind = try json.require("positions")
        switch try kind.string(oneOf: ["learned", "none", "rotary", "sinusoidal"]) {
        case "learned": return .learned
        case "none": return .none
        case "sinusoidal":
            return .sinusoidal(amplitude: try json["position_amplitude"]?.double(above: 0) ?? 1)
        default:
            let field = try json["rotary_dim"]
            let dimensions = try field?.int(min: 2, max: dHead) ?? dHead
            guard dimensions.isMultiple(of: 2) else {
                throw try (field ?? json.require("d_head")).mismatch(
                    expected: "an even number, as heads are rotated"
                )
            }
            return .rotary(
                Rotary(dimensions: dimensions, base: try json["rotary_base"]?.double(above: 0) ?? 10_000)
            )
        }
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let bias = reader.has("unembed.bias") ? try reader.tensor("unembed.bias", [vocab]) : nil
        let embedding = try reader.tensor("embed.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            positions: config.positions == .learned
                ? try reader.tensor("pos_embed.weight", [config.context, d]) : nil,
            finalNorm: try norm("ln_final", reader, config),
            unembedding: Linear(
                weight: config.tiesUnembedding ? embedding : try reader.tensor("unembed.weight", [vocab, d]),
                bias: bias
            )
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let (d, name) = (config.dModel, "blocks.\(layer).")
        let attention = AttentionWeights(
            qkv: try reader.queriesKeysValues(["q", "k", "v"].map { name + "attn." + $0 }, config),
            output: try reader.linear(
                name + "attn.o",
                d,
                config.heads * config.dHead,
                bias: config.biases.contains(.attentionOutput)
            ),
            smear: config.smearsKeys ? try reader.tensor(name + "attn.smear", [config.heads]) : nil
        )
        let norm1 = try norm(name + "ln1", reader, config)
        if config.isAttentionOnly { return BlockWeights(norm1: norm1, attention: attention) }
        return BlockWeights(
            norm1: norm1,
            attention: attention,
            norm2: try norm(name + "ln2", reader, config),
            mlp: MLPWeights(
                up: try reader.linear(name + "mlp.up", config.dMLP, d),
                down: try reader.linear(name + "mlp.down", d, config.dMLP)
            )
        )
    }

    private static func norm(_ name: String, _ reader: WeightReader, _ config: TransformerConfig) throws
        -> NormWeights
    {
        config.normalization == .none ? NormWeights() : try reader.layerNorm(name, config.dModel)
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
        for (layer, block) in weights.blocks.resident.enumerated() {
            let name = "blocks.\(layer)."
            add(name + "ln1", block.norm1.weight, block.norm1.bias)
            for (index, part) in ["q", "k", "v"].enumerated() {
                let rows = index * width..<(index + 1) * width
                add(name + "attn." + part, block.attention.qkv.weight[rows], block.attention.qkv.bias?[rows])
            }
            add(name + "attn.o", block.attention.output.weight, block.attention.output.bias)
            result.append((name + "attn.smear", block.attention.smear))
            add(name + "ln2", block.norm2.weight, block.norm2.bias)
            add(name + "mlp.up", block.mlp?.up.weight, block.mlp?.up.bias)
            add(name + "mlp.down", block.mlp?.down.weight, block.mlp?.down.bias)
        }
        add("ln_final", weights.finalNorm.weight, weights.finalNorm.bias)
        add("unembed", config.tiesUnembedding ? nil : weights.unembedding.weight, weights.unembedding.bias)
        return result.compactMap { name, tensor in tensor.map { (name, $0) } }
    }

    /// Whether the format can say all of this: reading what would be written gives it back.
    static func canHold(_ config: TransformerConfig) -> Bool {
        guard let data = try? JSONSerialization.data(withJSONObject: settings(of: config)),
            let json = try? JSONField(parsing: Array(data), source: "config.json"),
            var read = try? Induct.config(from: json)
        else { return false }
        (read.family, read.prependsBOS) = (config.family, config.prependsBOS)
        return read == config
    }

    /// The fields of config.json.
    static func settings(of config: TransformerConfig) -> [String: any Sendable] {
        var settings: [String: any Sendable] = [
            "model_type": "induct", "n_layers": config.layers, "n_heads": config.heads,
            "d_model": config.dModel,
            "d_head": config.dHead, "d_vocab": config.vocabularySize, "n_ctx": config.context,
            "d_mlp": config.dMLP,
            "activation": config.activation == .geluTanh ? "gelu_new" : config.activation.rawValue,
            "attention_bias": config.biases.contains(.attention), "tie_embeddings": config.tiesUnembedding,
        ]
        settings["bos_token_id"] = config.bosTokenID
        if config.smearsKeys { settings["smeared_keys"] = true }
        switch config.normalization {
        case .none: settings["normalization"] = "none"
        case .layerNorm(let epsilon), .rms(let epsilon):
            settings["normalization"] = "layer_norm"
            settings["layer_norm_eps"] = epsilon
        }
        switch config.positions {
        case .none: settings["positions"] = "none"
        case .learned: settings["positions"] = "learned"
        case .sinusoidal(let amplitude):
            settings["positions"] = "sinusoidal"
            settings["position_amplitude"] = amplitude
        case .rotary(let rotary, _):
            settings["positions"] = "rotary"
            settings["rotary_dim"] = rotary.dimensions
            settings["rotary_base"] = rotary.base
        }
        return settings
    }
}
