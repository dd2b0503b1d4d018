// What a decoder is, as data: sizes, and which form each part takes.
//
// An architecture file turns a family's own config.json into this; the forward pass reads only this.

/// Shape and forms of a decoder-only transformer.
public struct TransformerConfig: Equatable, Sendable {
    /// The family's name in `config.json` (`model_type`).
    public var family: String
    /// Number of blocks.
    public var layers: Int
    /// Query heads of each block.
    public var heads: Int
    /// Key/value heads of each block; fewer than `heads` where query heads share them.
    public var keyValueHeads: Int
    /// Width of the residual stream.
    public var dModel: Int
    /// Width of one head.
    public var dHead: Int
    /// Width of the MLP's hidden layer; 0 in attention-only models.
    public var dMLP: Int
    /// Number of token ids.
    public var vocabularySize: Int
    /// Longest sequence.
    public var context: Int
    /// Form of the norms before attention, before the MLP and before the unembedding.
    public var normalization: Normalization
    /// How positions enter.
    public var positions: Positions
    /// Whether attention and MLP read the same residual and add up (`parallel`), or follow each other.
    public var block: BlockForm
    /// Nonlinearity of the MLP.
    public var activation: Activation
    /// What queries times keys is multiplied by, before `dividesScoresByLayer`.
    public var attentionScale: Double
    /// Whether the scores of layer l are divided by l + 1 too, as some GPT-2 models do.
    public var dividesScoresByLayer: Bool
    /// Whether queries, keys, values and attention's output have a bias.
    public var attentionBias: Bool
    /// Whether the unembedding is the embedding.
    public var tiesUnembedding: Bool
    /// The token that begins a text, if the model has one.
    public var bosTokenID: Int?
    /// Whether prompts of this family begin with a BOS token by habit.
    public var prependsBOS: Bool

    /// All fields.
    public init(
        family: String,
        layers: Int,
        heads: Int,
        keyValueHeads: Int? = nil,
        dModel: Int,
        dHead: Int,
        dMLP: Int,
        vocabularySize: Int,
        context: Int,
        normalization: Normalization,
        positions: Positions,
        block: BlockForm = .sequential,
        activation: Activation = .geluTanh,
        attentionScale: Double? = nil,
        dividesScoresByLayer: Bool = false,
        attentionBias: Bool = true,
        tiesUnembedding: Bool = false,
        bosTokenID: Int? = nil,
        prependsBOS: Bool? = nil
    ) {
        self.family = family
        self.layers = layers
        self.heads = heads
        self.keyValueHeads = keyValueHeads ?? heads
        self.dModel = dModel
        self.dHead = dHead
        self.dMLP = dMLP
        self.vocabularySize = vocabularySize
        self.context = context
        self.normalization = normalization
        self.positions = positions
        self.block = block
        self.activation = activation
        self.attentionScale = attentionScale ?? 1 / Double(dHead).squareRoot()
        self.dividesScoresByLayer = dividesScoresByLayer
        self.attentionBias = attentionBias
        self.tiesUnembedding = tiesUnembedding
        self.bosTokenID = bosTokenID
        self.prependsBOS = prependsBOS ?? (bosTokenID != nil)
    }

    /// What queries times keys is multiplied by in one layer.
    public func attentionScale(of layer: Int) -> Double {
        dividesScoresByLayer ? attentionScale / Double(layer + 1) : attentionScale
    }

    /// Whether blocks have no MLP.
    public var isAttentionOnly: Bool { dMLP == 0 }
}

/// Form of a norm over the residual stream.
public enum Normalization: Equatable, Sendable {
    /// The value itself.
    case none
    /// Centred, divided by the standard deviation.
    case layerNorm(epsilon: Double)
}

/// How positions enter.
public enum Positions: Equatable, Sendable {
    /// Not at all.
    case none
    /// A learned vector a position, added to the embedding.
    case learned
    /// Queries and keys turned by an angle that grows with the position.
    case rotary(Rotary)
}

/// Rotary position embedding (Su et al. 2021) in GPT-NeoX's layout: dimension i is paired with i + dimensions / 2.
public struct Rotary: Equatable, Sendable {
    /// How many of a head's dimensions turn, from the first on; even.
    public var dimensions: Int
    /// Base of the geometric series of wave lengths.
    public var base: Double

    /// Both fields.
    public init(dimensions: Int, base: Double) {
        self.dimensions = dimensions
        self.base = base
    }
}

/// How attention and MLP are joined.
public enum BlockForm: String, Equatable, Sendable {
    /// The MLP reads what attention wrote.
    case sequential
    /// Both read the block's input, each through its own norm; their outputs add up.
    case parallel
}

/// Nonlinearities, named by what they compute.
public enum Activation: String, Equatable, Sendable {
    /// x times the normal distribution function.
    case gelu
    /// The same by its tanh approximation.
    case geluTanh
    /// max(x, 0).
    case relu
    /// x times the logistic function.
    case silu
}
