// What families share in reading config.json.
import Checkpoints
import JSON
import Torch

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

    /// Number of blocks; bounded so that a file cannot ask for a name a block without end.
    func layerCount() throws -> Int { try int(min: 1, max: 4096) }

    /// The width of the residual stream, the number of heads, and a head's width, which divides it evenly.
    func evenHeads(width: String, heads: String) throws -> (dModel: Int, heads: Int, dHead: Int) {
        let (dModel, field) = (try require(width).size(), try require(heads))
        let count = try field.size()
        return (dModel, count, try field.evenHeadWidth(dModel, heads: count))
    }

    /// The width of a head where heads share the residual stream's width evenly.
    func evenHeadWidth(_ dModel: Int, heads: Int) throws -> Int {
        guard dModel % heads == 0 else { throw mismatch(expected: "a divisor of the width \(dModel)") }
        return dModel / heads
    }

    /// `bos_token_id`, where it is one number.
    func bosTokenID() throws -> Int? { try self["bos_token_id"]?.int(min: 0) }

    /// `num_key_value_heads`: as many as query heads where neither the file nor `fallback` says.
    func keyValueHeads(of heads: Int, default fallback: Int? = nil) throws -> Int {
        guard let field = try self["num_key_value_heads"] else { return fallback ?? heads }
        let count = try field.size()
        guard heads % count == 0 else {
            throw field.mismatch(expected: "a divisor of num_attention_heads, \(heads)")
        }
        return count
    }

    /// Throws unless a field of this object is absent or has this value.
    func refuse(_ name: String, unless expected: Bool, remedy: String) throws {
        guard let field = try self[name], try field.bool() != expected else { return }
        throw CheckpointError.unsupported(
            source: source,
            setting: "\(field.path) \(field.summary)",
            remedy: remedy
        )
    }

    /// The windows of all layers: `layer_types` says which slide; `isSliding` does in files that do not have it.
    func windows(layers: Int, size: Int?, isSliding: (_ layer: Int) -> Bool) throws -> [Int?] {
        let types = try self["layer_types"]?.elements(count: layers).map {
            try $0.string(oneOf: ["full_attention", "sliding_attention"]) == "sliding_attention"
        }
        guard let size else {
            if let types, types.contains(true) {
                throw mismatch(expected: "a sliding_window for the layers of type sliding_attention")
            }
            return []
        }
        let windows = (0..<layers).map { types?[$0] ?? isSliding($0) ? size : nil }
        return windows.allSatisfy { $0 == nil } ? [] : windows
    }
}
