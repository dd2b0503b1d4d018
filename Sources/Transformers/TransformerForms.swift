// The forms that the parts of a decoder take.

/// Form of a norm over the residual stream.
public enum Normalization: Equatable, Sendable {
    /// The value itself.
    case none
    /// Centred, divided by the standard deviation; gain and bias.
    case layerNorm(epsilon: Double)
    /// Divided by the root of the mean of squares (Zhang and Sennrich 2019); gain only.
    case rms(epsilon: Double)
}

/// Where the norms of a block stand.
public enum NormPlacement: Equatable, Sendable {
    /// Before attention and MLP: what they read is normalised.
    case before
    /// After attention and MLP: what they write is normalised before it is added to the residual stream.
    case after
    /// Before and after ("sandwich").
    case beforeAndAfter

    /// Whether what attention and MLP read is normalised.
    public var isBefore: Bool { self != .after }
    /// Whether what attention and MLP write is normalised.
    public var isAfter: Bool { self != .before }
}

/// What is normalised in queries and keys.
public enum QueryKeyNorm: Equatable, Sendable {
    /// Nothing.
    case none
    /// Each head by itself; all heads share the gain.
    case perHead
    /// All heads of a position together; each has its own gain.
    case acrossHeads
}

/// How positions enter.
public enum Positions: Equatable, Sendable {
    /// Not at all.
    case none
    /// A learned vector a position, added to the embedding.
    case learned
    /// A fixed vector a position, added to the embedding: `sinusoids`, times `amplitude`.
    case sinusoidal(amplitude: Double = 1)
    /// Queries and keys turned by an angle that grows with the position; layers with a window by `local`, if given.
    case rotary(Rotary, local: Rotary? = nil)

    /// Whether a vector a position is added to the embedding.
    public var areAdded: Bool {
        switch self {
        case .learned, .sinusoidal: true
        case .none, .rotary: false
        }
    }
}

/// Rotary position embedding (Su et al. 2021).
public struct Rotary: Equatable, Sendable {
    /// How many of a head's dimensions turn, from the first on; even.
    public var dimensions: Int
    /// Base of the geometric series of wave lengths.
    public var base: Double
    /// Which dimensions turn together.
    public var pairing: Pairing
    /// How the angles are made smaller for contexts longer than those of pretraining.
    public var scaling: Scaling

    /// Which dimensions turn together.
    public enum Pairing: Equatable, Sendable {
        /// i and i + dimensions / 2, as in GPT-NeoX.
        case halves
        /// 2i and 2i + 1, as in GPT-J.
        case neighbours
    }

    /// How the angles are made smaller.
    public enum Scaling: Equatable, Sendable {
        /// Not at all.
        case none
        /// All divided by a factor (Chen et al. 2023).
        case linear(factor: Double)
        /// Those of wave lengths above `context` / `low` divided by a factor, those below `context` / `high` kept,
        /// those between blended (Llama 3.1).
        case llama3(factor: Double, low: Double, high: Double, context: Int)
    }

    /// All fields.
    public init(dimensions: Int, base: Double, pairing: Pairing = .halves, scaling: Scaling = .none) {
        self.dimensions = dimensions
        self.base = base
        self.pairing = pairing
        self.scaling = scaling
    }
}

/// How attention and MLP are joined.
public enum BlockForm: String, Equatable, Sendable {
    /// The MLP reads what attention wrote.
    case sequential
    /// Both read the block's input, each through its own norm; their outputs add up.
    case parallel
}

/// Which maps have a bias.
public struct Biases: OptionSet, Sendable {
    /// One bit a map.
    public let rawValue: Int

    /// From the bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Queries, keys and values.
    public static let queryKeyValue = Biases(rawValue: 1)
    /// What attention writes.
    public static let attentionOutput = Biases(rawValue: 2)
    /// Both maps of the MLP, three where it is gated.
    public static let mlp = Biases(rawValue: 4)
    /// Layer norms.
    public static let norms = Biases(rawValue: 8)
    /// The unembedding.
    public static let unembedding = Biases(rawValue: 16)
    /// Attention's maps.
    public static let attention: Biases = [.queryKeyValue, .attentionOutput]
}
