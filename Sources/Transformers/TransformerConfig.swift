// What a decoder is, as data: sizes, and which form each part takes.
//
// An architecture file turns a family's own config.json into this; the forward pass reads only this.
public import Torch

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
    /// Form of every norm.
    public var normalization: Normalization
    /// Where the norms of a block stand.
    public var normPlacement: NormPlacement
    /// What is normalised in queries and keys before they are rotated; the form is that of the other norms.
    public var queryKeyNorm: QueryKeyNorm
    /// Whether a key is mixed with the one before it (`AttentionWeights.smear`).
    public var smearsKeys: Bool
    /// How positions enter.
    public var positions: Positions
    /// How many keys, its own included, a query of each layer may look back at; nil for all. Empty means nil for
    /// every layer.
    public var windows: [Int?]
    /// Whether attention and MLP read the same residual and add up (`parallel`), or follow each other.
    public var block: BlockForm
    /// Nonlinearity of the MLP.
    public var activation: Activation
    /// Whether the MLP's hidden layer is activation(gate x) * (up x) rather than activation(up x).
    public var isGated: Bool
    /// What queries times keys is multiplied by, before `dividesScoresByLayer`.
    public var attentionScale: Double
    /// Whether the scores of layer l are divided by l + 1 too, as some GPT-2 models do.
    public var dividesScoresByLayer: Bool
    /// Scores are c tanh(scores / c) with this c, before the mask.
    public var scoreCap: Double?
    /// Logits are c tanh(logits / c) with this c.
    public var logitCap: Double?
    /// What the token embedding is multiplied by where it enters the residual stream.
    public var embeddingScale: Double
    /// Which of the maps that there are have a bias.
    public var biases: Biases
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
        normPlacement: NormPlacement = .before,
        queryKeyNorm: QueryKeyNorm = .none,
        smearsKeys: Bool = false,
        positions: Positions,
        windows: [Int?] = [],
        block: BlockForm = .sequential,
        activation: Activation = .geluTanh,
        isGated: Bool = false,
        attentionScale: Double? = nil,
        dividesScoresByLayer: Bool = false,
        scoreCap: Double? = nil,
        logitCap: Double? = nil,
        embeddingScale: Double = 1,
        biases: Biases = [.attention, .mlp, .norms],
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
        self.normPlacement = normPlacement
        self.queryKeyNorm = queryKeyNorm
        self.smearsKeys = smearsKeys
        self.positions = positions
        self.windows = windows
        self.block = block
        self.activation = activation
        self.isGated = isGated
        self.attentionScale = attentionScale ?? 1 / Double(dHead).squareRoot()
        self.dividesScoresByLayer = dividesScoresByLayer
        self.scoreCap = scoreCap
        self.logitCap = logitCap
        self.embeddingScale = embeddingScale
        self.biases = biases
        if dMLP == 0 { self.biases.remove(.mlp) }
        if normalization == .none { self.biases.remove(.norms) }
        self.tiesUnembedding = tiesUnembedding
        self.bosTokenID = bosTokenID
        self.prependsBOS = prependsBOS ?? (bosTokenID != nil)
    }

    /// What queries times keys is multiplied by in one layer.
    public func attentionScale(of layer: Int) -> Double {
        dividesScoresByLayer ? attentionScale / Double(layer + 1) : attentionScale
    }

    /// How many keys a query of one layer may look back at, its own included; nil for all.
    public func window(of layer: Int) -> Int? { windows.isEmpty ? nil : windows[layer] }

    /// Whether blocks have no MLP.
    public var isAttentionOnly: Bool { dMLP == 0 }
}
