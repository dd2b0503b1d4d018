// Rotary settings of config.json: transformers 5 writes `rope_parameters`, earlier ones `rope_theta`, `rope_scaling` and a
// share of the head under several names.
import Checkpoints
import JSON

extension JSONField {
    /// The rotation that this config asks for.
    ///
    /// - Parameters:
    ///   - dHead: width of a head.
    ///   - base: where the file does not say.
    ///   - share: of each head that turns, where the file does not say.
    ///   - layerType: the entry of `rope_parameters` in families that have one a layer type.
    ///   - olderBase: the names of the base in older files.
    ///   - isScaled: whether `rope_scaling` is about these layers.
    func rotary(
        dHead: Int,
        base: Double,
        share: Double = 1,
        layerType: String? = nil,
        olderBase: [String] = ["rope_theta"],
        isScaled: Bool = true
    ) throws -> Rotary {
        var parameters = try self["rope_parameters"]
        if let layerType { parameters = try parameters?[layerType] }
        let shareField =
            try parameters?["partial_rotary_factor"] ?? self["partial_rotary_factor"] ?? self["rotary_pct"]
        var baseField = try parameters?["rope_theta"]
        for name in olderBase { baseField = try baseField ?? self[name] }
        let dimensions = Int(Double(dHead) * (try shareField?.double(min: 0, max: 1) ?? share))
        guard dimensions > 0, dimensions.isMultiple(of: 2) else {
            throw (shareField ?? self).mismatch(
                expected: "a share of \(dHead) that is an even number of dimensions"
            )
        }
        let older = isScaled ? try self["rope_scaling"] : nil
        return Rotary(
            dimensions: dimensions,
            base: try baseField?.double(above: 0) ?? base,
            scaling: try (parameters ?? older)?.rotaryScaling(of: self) ?? .none
        )
    }

    /// This entry as a way of scaling the angles.
    private func rotaryScaling(of config: JSONField) throws -> Rotary.Scaling {
        guard let kind = try self["rope_type"] ?? self["type"] else { return .none }
        switch try kind.string() {
        case "default": return .none
        case "linear": return .linear(factor: try require("factor").double(above: 0))
        case "llama3":
            let low = try require("low_freq_factor").double(above: 0)
            let context = try self["original_max_position_embeddings"]
            return .llama3(
                factor: try require("factor").double(above: 0),
                low: low,
                high: try require("high_freq_factor").double(above: low),
                context: try (context ?? config.require("max_position_embeddings")).size()
            )
        default:
            throw CheckpointError.unsupported(
                source: source,
                setting: "\(kind.path) \(kind.summary)",
                remedy: "use a model whose rope_type is default, linear or llama3"
            )
        }
    }
}
