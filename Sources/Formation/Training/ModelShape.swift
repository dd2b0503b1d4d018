// Shapes of models that are trained here: this project's own family.
public import Transformers

/// A decoder with layer norms before attention and MLP, or with attention alone.
public struct ModelShape: Codable, Equatable, Sendable {
    /// How a model knows where a token stands.
    public enum PositionKind: String, CaseIterable, Codable, Sendable {
        /// A learned vector a position.
        case learned
        /// A fixed vector a position.
        case sinusoidal
        /// Queries and keys are turned.
        case rotary
        /// Not at all but for the causal mask.
        case none
    }

    /// Blocks.
    public var layers: Int
    /// Heads of each.
    public var heads: Int
    /// Width of the residual stream; heads share it evenly.
    public var dModel: Int
    /// Width of the MLPs; 0 for attention alone.
    public var dMLP: Int
    /// How a model knows where a token stands.
    public var positions: PositionKind
    /// Whether keys are mixed with those before them.
    public var smearsKeys: Bool
    /// Standard deviation of the maps that read the residual stream, at the start.
    public var deviation: Double

    /// All fields.
    public init(
        layers: Int = 2,
        heads: Int = 8,
        dModel: Int = 256,
        dMLP: Int = 1024,
        positions: PositionKind = .learned,
        smearsKeys: Bool = false,
        deviation: Double = 0.02
    ) {
        self.layers = layers
        self.heads = heads
        self.dModel = dModel
        self.dMLP = dMLP
        self.positions = positions
        self.smearsKeys = smearsKeys
        self.deviation = deviation
    }

    /// The model's config.
    ///
    /// - Parameters:
    ///   - vocabulary: number of ids.
    ///   - context: positions that the model takes.
    ///   - bosTokenID: the id that begins sequences, if one does.
    /// - Throws: `ModelShapeError`.
    public func config(
        vocabulary: Int,
        context: Int,
        bosTokenID: Int?
    ) throws(ModelShapeError) -> TransformerConfig {
        for (flag, value) in [
            ("--n-layers", layers), ("--n-heads", heads), ("--d-model", dModel), ("--vocab-size", vocabulary),
        ] where value < 1 {
            throw .notPositive(flag: flag, value: value)
        }
        if dMLP < 0 { throw .negativeMLP(dMLP) }
        guard dModel.isMultiple(of: heads) else { throw .unevenHeads(dModel: dModel, heads: heads) }
        let dHead = dModel / heads
        if positions == .rotary, !dHead.isMultiple(of: 2) { throw .oddHead(dHead) }
        guard deviation > 0, deviation.isFinite else { throw .deviation(deviation) }
        return TransformerConfig(
            family: "induct",
            layers: layers,
            heads: heads,
            dModel: dModel,
            dHead: dHead,
            dMLP: dMLP,
            vocabularySize: vocabulary,
            context: context,
            normalization: .layerNorm(epsilon: 1e-5),
            smearsKeys: smearsKeys,
            positions: form(dHead: dHead),
            bosTokenID: bosTokenID
        )
    }

    private func form(dHead: Int) -> Positions {
        switch positions {
        case .learned: .learned
        case .sinusoidal: .sinusoidal(amplitude: deviation)
        case .rotary: .rotary(Rotary(dimensions: dHead, base: 10_000))
        case .none: .none
        }
    }
}

/// A shape that no model has.
public enum ModelShapeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A size that must be 1 or more.
    case notPositive(flag: String, value: Int)
    /// A width below 0.
    case negativeMLP(Int)
    /// A width that heads cannot share evenly.
    case unevenHeads(dModel: Int, heads: Int)
    /// Rotary positions turn pairs of dimensions.
    case oddHead(Int)
    /// A spread of weights that is not positive.
    case deviation(Double)

    /// One sentence: what was found, what to do.
    public var description: String {
        switch self {
        case .notPositive(let flag, let value): "\(flag) is \(value); give 1 or more."
        case .negativeMLP(let width):
            "--d-ff is \(width); give 0 for attention alone, or the width of the MLPs."
        case .unevenHeads(let dModel, let heads):
            "--d-model \(dModel) cannot be shared by --n-heads \(heads) evenly; give a multiple of the heads."
        case .oddHead(let width):
            "rotary positions turn pairs of dimensions, and heads are \(width) wide; give an even width a head."
        case .deviation(let value): "--init-std is \(value); give a positive number."
        }
    }
}
