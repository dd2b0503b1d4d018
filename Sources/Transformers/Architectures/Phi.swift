// Phi 1, 1.5 and 2 (Microsoft 2023): parallel blocks that share one layer norm, rotary positions on a share of each head,
// biases everywhere.
import Checkpoints
import JSON
import Torch

enum Phi: Architecture {
    static let modelTypes = ["phi"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        try json.refuse("qk_layernorm", unless: false, remedy: "use a model without qk_layernorm")
        let (dModel, heads, dHead) = try json.evenHeads(width: "hidden_size", heads: "num_attention_heads")
        return TransformerConfig(
            family: "phi",
            layers: try json.require("num_hidden_layers").layerCount(),
            heads: heads,
            keyValueHeads: try json.keyValueHeads(of: heads),
            dModel: dModel,
            dHead: dHead,
            dMLP: try json.require("intermediate_size").size(),
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("max_position_embeddings").size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_eps"]?.double(above: 0) ?? 1e-5),
            positions: .rotary(try json.rotary(dHead: dHead, base: 10_000, share: 0.5)),
            block: .parallel,
            activation: try json["hidden_act"]?.activation() ?? .geluTanh,
            biases: [.attention, .mlp, .norms, .unembedding],
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID(),
            prependsBOS: false
        )
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let body = reader.under("model.", ifPresent: "embed_tokens.weight")
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let embedding = try body.tensor("embed_tokens.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            finalNorm: try body.layerNorm("final_layernorm", d),
            unembedding: try reader.unembedding(tiedTo: embedding, config)
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let body = reader.under("model.", ifPresent: "embed_tokens.weight")
        let (d, name) = (config.dModel, "layers.\(layer).")
        let norm = try body.layerNorm(name + "input_layernorm", d)
        return BlockWeights(
            norm1: norm,
            attention: try body.attention(name + "self_attn.", output: "dense", config),
            norm2: norm,
            mlp: try body.mlp(up: name + "mlp.fc1", down: name + "mlp.fc2", config)
        )
    }
}
