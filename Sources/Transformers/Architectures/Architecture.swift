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
    /// All weights, in this project's layout.
    static func weights(from reader: WeightReader, _ config: TransformerConfig) throws -> TransformerWeights
}

let architectures: [any (Architecture & Sendable).Type] = [GPT2.self, GPTNeoX.self, Induct.self]

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

    /// Gain and bias of a layer norm.
    func layerNorm(_ name: String, _ width: Int) throws -> NormWeights {
        NormWeights(weight: try tensor(name + ".weight", [width]), bias: try tensor(name + ".bias", [width]))
    }

    /// Whether the checkpoint has a tensor of this name.
    func has(_ name: String) -> Bool { store.has(prefix + name) }

    /// A reader of names that begin with `prefix`, if the checkpoint uses it.
    func under(_ prefix: String, ifPresent name: String) -> WeightReader {
        var copy = self
        if store.has(prefix + name) { copy.prefix = prefix }
        return copy
    }
}

// What families share in reading config.json.
extension JSONField {
    /// A nonlinearity by the name that Hugging Face gives it.
    func activation() throws -> Activation {
        let names: [String: Activation] = [
            "gelu": .gelu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_pytorch_tanh": .geluTanh,
            "relu": .relu, "silu": .silu, "swish": .silu,
        ]
        let name = try string(oneOf: names.keys.sorted())
        return names[name] ?? .gelu
    }

    /// A positive size: no dimension of a model is larger than this.
    func size() throws -> Int { try int(min: 1, max: 1 << 24) }

    /// The width of a head where heads share the residual stream's width evenly.
    func evenHeadWidth(_ dModel: Int, heads: Int) throws -> Int {
        guard dModel % heads == 0 else { throw mismatch(expected: "a divisor of the width \(dModel)") }
        return dModel / heads
    }

    /// `bos_token_id`, where it is one number.
    func bosTokenID() throws -> Int? { try self["bos_token_id"]?.int(min: 0) }
}
