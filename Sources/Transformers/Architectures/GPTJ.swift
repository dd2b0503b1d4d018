// GPT-J (Wang and Komatsuzaki 2021): parallel blocks that share one layer norm, rotary positions on the first dimensions of
// each head, neighbour by neighbour.
import Checkpoints
import JSON
import Torch

enum GPTJ: Architecture {
    static let modelTypes = ["gptj"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let (dModel, heads, dHead) = try json.evenHeads(width: "n_embd", heads: "n_head")
        let dimensions = try json["rotary_dim"]?.int(min: 2, max: dHead) ?? dHead
        guard dimensions.isMultiple(of: 2) else {
            throw (try json["rotary_dim"] ?? json).mismatch(expected: "an even number")
        }
        return TransformerConfig(
            family: "gptj",
            layers: try json.require("n_layer").layerCount(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: try json["n_inner"]?.size() ?? 4 * dModel,
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("n_positions").size(),
            normalization: .layerNorm(epsilon: try json["layer_norm_epsilon"]?.double(above: 0) ?? 1e-5),
            positions: .rotary(Rotary(dimensions: dimensions, base: 10_000, pairing: .neighbours)),
            block: .parallel,
            activation: try json["activation_function"]?.activation() ?? .geluTanh,
            biases: [.mlp, .norms, .unembedding],
            tiesUnembedding: try json["tie_word_embeddings"]?.bool() ?? false,
            bosTokenID: try json.bosTokenID()
        )
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, vocab) = (config.dModel, config.vocabularySize)
        let embedding = try body.tensor("wte.weight", [vocab, d])
        return EndWeights(
            embedding: embedding,
            finalNorm: try body.layerNorm("ln_f", d),
            unembedding: try reader.unembedding(tiedTo: embedding, config)
        )
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        let body = reader.under("transformer.", ifPresent: "wte.weight")
        let (d, name) = (config.dModel, "h.\(layer).")
        let norm = try body.layerNorm(name + "ln_1", d)
        return BlockWeights(
            norm1: norm,
            attention: try body.attention(name + "attn.", output: "out_proj", config),
            norm2: norm,
            mlp: try body.mlp(up: name + "mlp.fc_in", down: name + "mlp.fc_out", config)
        )
    }
}
