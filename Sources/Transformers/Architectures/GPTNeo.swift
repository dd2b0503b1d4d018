// GPT-Neo (Black et al. 2021): learned positions, scores without a scale, a window in every other layer.
import Checkpoints
import JSON
import Torch

enum GPTNeo: Architecture {
    static let modelTypes = ["gpt_neo"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let (dModel, heads, dHead) = try json.evenHeads(width: "hidden_size", heads: "num_heads")
        let layers = try json.require("num_layers").layerCount()
        let window = try json["window_size"]?.size() ?? 256
        return TransformerConfig(
            family: "gpt_neo",
            layers: layers,
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json["intermediate_size"]?.size() ?? 4 * dModel,
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("max_position_embeddings").size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_epsilon"]?.double(above: 0) ?? 1e-5),
            positions: .learned,
            windows: try isLocal(json, layers: layers).map { $0 ? window : nil },
            activation: try json["activation_function"]?.activation() ?? .geluTanh,
            attentionScale: 1,
            biases: [.attentionOutput, .mlp, .norms],
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? true,
            bosTokenID: try json.bosTokenID()
        )
    }

    /// Whether each layer has the window, from `attention_types`: lists of kinds, each with how often it repeats.
    private static func isLocal(_ json: JSONField, layers: Int) throws -> [Bool] {
        let field = try json.require("attention_types")
        var result: [Bool] = []
        for group in try field.elements() {
            let parts = try group.elements(count: 2)
            let kinds = try parts[0].elements().map { try $0.string(oneOf: ["global", "local"]) == "local" }
            for _ in 0..<(try parts[1].int(min: 0, max: layers)) {
                result += kinds
                guard result.count <= layers else { break }
            }
        }
        guard result.count == layers else { throw field.mismatch(expected: "\(layers) layers in all") }
        return result
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        try GPT2.ends(from: reader, config)
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, name) = (config.dModel, "h.\(layer).")
        return BlockWeights(
            norm1: try body.layerNorm(name + "ln_1", d),
            attention: try body.attention(name + "attn.attention.", output: "out_proj", config),
            norm2: try body.layerNorm(name + "ln_2", d),
            mlp: try body.mlp(up: name + "mlp.c_fc", down: name + "mlp.c_proj", config)
        )
    }
}
