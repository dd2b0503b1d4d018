// Architectures: how a family's config.json and weight names map to one config and one layout of weights.
//
// To add a family: one file with a type that conforms to `Architecture`, its name in `architectures`, a recorded case
// in Scripts/references.
import Checkpoints
import JSON
import Torch

/// One family of models.
protocol Architecture: Sendable {
    /// The values of `model_type` in config.json that mean this family.
    static var modelTypes: [String] { get }
    /// Shape and forms, from config.json.
    static func config(from json: JSONField) throws -> TransformerConfig
    /// What stands before and after the blocks.
    static func ends(from reader: WeightReader, _ config: TransformerConfig) throws -> EndWeights
    /// The weights of one block.
    static func block(_ layer: Int, from reader: WeightReader, _ config: TransformerConfig) throws
        -> BlockWeights
}

let architectures: [any (Architecture & Sendable).Type] = [
    GPT2.self, GPTNeo.self, GPTJ.self, GPTNeoX.self, OPT.self, Phi.self, Llama.self, Mistral.self, Qwen2.self,
    Qwen3.self, OLMo2.self, Gemma.self, Gemma2.self, Gemma3.self, NanoGPT.self, Induct.self,
]

/// Weights of a decoder without its blocks.
struct EndWeights {
    /// [vocab, d_model]
    var embedding: Tensor
    /// [context, d_model], where positions are learned.
    var positions: Tensor?
    /// Before the unembedding.
    var finalNorm: NormWeights
    /// [vocab, d_model]; its weight is `embedding` where the two are tied.
    var unembedding: Linear
}

extension Architecture {
    /// All weights, in this project's layout.
    ///
    /// - Parameter isResident: whether the blocks stay in memory; otherwise each is read whenever it is needed.
    static func weights(from reader: WeightReader, _ config: TransformerConfig, isResident: Bool = true)
        throws
        -> TransformerWeights
    {
        let ends = try ends(from: reader, config)
        let read = { try block($0, from: reader, config) }
        return TransformerWeights(
            embedding: ends.embedding,
            positions: ends.positions,
            blocks: isResident
                ? BlockStack(try (0..<config.layers).map(read))
                : BlockStack(count: config.layers, read: read),
            finalNorm: ends.finalNorm,
            unembedding: ends.unembedding
        )
    }
}

/// Reads tensors of one checkpoint into one type, on one device.
struct WeightReader {
    let store: any WeightStore
    let dtype: DType
    let device: Device
    var prefix = ""

    /// Reads a tensor of the shape that the config asks for; `arrange` turns a view of the file's layout into a view
    /// of ours, and only then is it copied, once.
    ///
    /// - Throws: `CheckpointError` when it is missing or has another shape.
    func tensor(_ name: String, _ shape: [Int], arrange: (Tensor) -> Tensor = { $0 }) throws -> Tensor {
        try store.load(prefix + name, shape: shape, dtype: dtype, device: device, arrange: arrange)
    }

    /// Weight [out, in] and bias [out], where it has one.
    func linear(_ name: String, _ out: Int, _ input: Int, bias: Bool = true) throws -> Linear {
        Linear(
            weight: try tensor(name + ".weight", [out, input]),
            bias: bias ? try tensor(name + ".bias", [out]) : nil
        )
    }

    /// The unembedding, which may be the embedding.
    func unembedding(_ name: String = "lm_head", tiedTo embedding: Tensor, _ config: TransformerConfig) throws
        -> Linear
    {
        let (d, vocab) = (config.dModel, config.vocabularySize)
        return Linear(
            weight: config.tiesUnembedding ? embedding : try tensor(name + ".weight", [vocab, d]),
            bias: config.biases.contains(.unembedding) ? try tensor(name + ".bias", [vocab]) : nil
        )
    }

    /// Attention whose maps are called q_proj, k_proj, v_proj and, in each family otherwise, `output`.
    func attention(_ name: String, output: String, _ config: TransformerConfig) throws -> AttentionWeights {
        AttentionWeights(
            qkv: try queriesKeysValues(["q_proj", "k_proj", "v_proj"].map { name + $0 }, config),
            output: try linear(
                name + output,
                config.dModel,
                config.heads * config.dHead,
                bias: config.biases.contains(.attentionOutput)
            )
        )
    }

    /// An MLP without a gate.
    func mlp(up: String, down: String, _ config: TransformerConfig) throws -> MLPWeights {
        let bias = config.biases.contains(.mlp)
        return MLPWeights(
            up: try linear(up, config.dMLP, config.dModel, bias: bias),
            down: try linear(down, config.dModel, config.dMLP, bias: bias)
        )
    }

    /// Queries, keys and values in three tensors of the file: one map here.
    func queriesKeysValues(_ names: [String], _ config: TransformerConfig) throws -> Linear {
        let sizes = [config.heads, config.keyValueHeads, config.keyValueHeads].map { $0 * config.dHead }
        let hasBias = config.biases.contains(.queryKeyValue)
        let parts = try zip(names, sizes).map { try linear($0, $1, config.dModel, bias: hasBias) }
        return Linear(weight: .cat(parts.map(\.weight)), bias: hasBias ? .cat(parts.compactMap(\.bias)) : nil)
    }

    /// Gain, and bias where it has one, of a layer norm.
    func layerNorm(_ name: String, _ width: Int, bias: Bool = true) throws -> NormWeights {
        NormWeights(
            weight: try tensor(name + ".weight", [width]),
            bias: bias ? try tensor(name + ".bias", [width]) : nil
        )
    }

    /// Gain of an RMS norm; `offset` is 1 in families that store it less one.
    func rmsNorm(_ name: String, _ width: Int, offset: Double = 0) throws -> NormWeights {
        let gain = try tensor(name + ".weight", [width])
        return NormWeights(weight: offset == 0 ? gain : gain + offset)
    }

    /// Whether the checkpoint has a tensor of this name.
    func has(_ name: String) -> Bool { store.has(prefix + name) }

    /// A reader of names that begin with the first of the prefixes under which the checkpoint has `name`; with none it
    /// reads names as they are.
    func under(_ prefixes: String..., ifPresent name: String) -> WeightReader {
        var copy = self
        if let prefix = prefixes.first(where: { store.has($0 + name) }) { copy.prefix = prefix }
        return copy
    }
}
