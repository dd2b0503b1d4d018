// OPT (Zhang et al. 2022): learned positions stored two rows down, ReLU, biases everywhere.
import Checkpoints
import JSON
import Torch

enum OPT: Architecture {
    static let modelTypes = ["opt"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let remedy =
            "of OPT only models with layer norms before attention and MLP are known; use another size"
        try json.refuse("do_layer_norm_before", unless: true, remedy: remedy)
        try json.refuse("_remove_final_layer_norm", unless: false, remedy: remedy)
        try json.refuse("layer_norm_elementwise_affine", unless: true, remedy: remedy)
        let (dModel, heads, dHead) = try json.evenHeads(width: "hidden_size", heads: "num_attention_heads")
        if let field = try json["word_embed_proj_dim"], try field.size() != dModel {
            throw CheckpointError.unsupported(
                source: json.source,
                setting: "word_embed_proj_dim \(field.summary)",
                remedy: "use a model whose embedding is as wide as the residual stream, \(dModel)"
            )
        }
        let hasBias = try json["enable_bias"]?.bool() ?? true
        return TransformerConfig(
            family: "opt",
            layers: try json.require("num_hidden_layers").layerCount(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json.require("ffn_dim").size(),
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("max_position_embeddings").size(),
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned,
            activation: try json["activation_function"]?.activation() ?? .relu,
            biases: hasBias ? [.attention, .mlp, .norms] : [.norms],
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? true,
            bosTokenID: try json.bosTokenID()
        )
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let body = body(reader)
        let (d, vocab, context) = (config.dModel, config.vocabularySize, config.context)
        let embedding = try body.tensor("embed_tokens.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            positions: try body.tensor("embed_positions.weight", [context + 2, d]) { $0[2..<context + 2] },
            finalNorm: try body.layerNorm("final_layer_norm", d),
            unembedding: try reader.unembedding(tiedTo: embedding, config)
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let body = body(reader)
        let (d, name) = (config.dModel, "layers.\(layer).")
        return BlockWeights(
            norm1: try body.layerNorm(name + "self_attn_layer_norm", d),
            attention: try body.attention(name + "self_attn.", output: "out_proj", config),
            norm2: try body.layerNorm(name + "final_layer_norm", d),
            mlp: try body.mlp(up: name + "fc1", down: name + "fc2", config)
        )
    }

    private static func body(_ reader: WeightReader) -> WeightReader {
        reader.under("model.decoder.", "decoder.", ifPresent: "embed_tokens.weight")
    }
}
