// nanoGPT (Karpathy 2022): GPT-2 with exact GELU, maps stored as [out, in], biases all there or none.
//
// Its config is the `model_args` of a ckpt.pt.
import Checkpoints
import JSON
import Torch

enum NanoGPT: Architecture {
    static let modelTypes = ["nanogpt"]

    static func config(from json: JSONField) throws -> TransformerConfig {
        let (dModel, heads, dHead) = try json.evenHeads(width: "n_embd", heads: "n_head")
        return TransformerConfig(
            family: "nanogpt",
            layers: try json.require("n_layer").layerCount(),
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: 4 * dModel,
            vocabularySize: try json.require("vocab_size").size(),
            context: try json.require("block_size").size(),
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned,
            activation: .gelu,
            // Checkpoints from before the setting existed have biases.
            biases: try json["bias"]?.bool() ?? true ? [.attention, .mlp, .norms] : [],
            tiesUnembedding: true
        )
    }

    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights {
        try GPT2.ends(from: reader, config)
    }

    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
    {
        try GPT2.block(layer, from: reader, config, isTransposed: false)
    }
}
