// Weights in one layout for all families. Row-vector convention: y = x W^T + b with weight [out, in].
public import Torch

/// A linear map.
public struct Linear {
    /// [out, in]
    public var weight: Tensor
    /// [out]
    public var bias: Tensor?
    /// The weight in oneDNN's order, where it is used many times.
    private var packed: Tensor?

    /// Both parts.
    public init(weight: Tensor, bias: Tensor?) {
        self.weight = weight
        self.bias = bias
    }

    /// [..., in] -> [..., out]
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(packed ?? weight, bias)
    }

    /// [..., in] -> [..., out], through a nonlinearity.
    public func callAsFunction(_ x: Tensor, then activation: Activation) -> Tensor {
        x.linear(packed ?? weight, bias, then: activation)
    }

    /// The map onto some of the outputs.
    func part(_ outputs: Range<Int>) -> Linear {
        Linear(weight: weight[outputs], bias: bias?[outputs])
    }

    /// The same map, faster for many products with about `rows` rows each, with a second copy of the weight. Without a
    /// derivative.
    func packed(rows: Int) -> Linear {
        var result = self
        result.packed = weight.packedForLinear(rows: rows)
        return result
    }
}

/// Gain and bias of a norm; both nil where there is no norm.
public struct NormWeights {
    /// As wide as what is normalised.
    public var weight: Tensor?
    /// As wide as what is normalised.
    public var bias: Tensor?

    /// Both parts.
    public init(weight: Tensor? = nil, bias: Tensor? = nil) {
        self.weight = weight
        self.bias = bias
    }
}

/// Weights of one attention layer.
public struct AttentionWeights {
    /// Queries, keys and values in one map, so that they are one product:
    /// [(heads + 2 key/value heads) * d_head, d_model], each part head by head.
    public var qkv: Linear
    /// [d_model, heads * d_head]
    public var output: Linear
    /// Gain [d_head] of the queries' norm, or [heads * d_head] where it goes across heads.
    public var queryNorm: NormWeights
    /// Gain [d_head] of the keys' norm, or [key/value heads * d_head] where it goes across heads.
    public var keyNorm: NormWeights
    /// [key/value heads]: a of each head whose keys are smeared (Olsson et al. 2022): key j is
    /// sigmoid(a) k_j + (1 - sigmoid(a)) k_{j-1}, the first one k_0, before norm and rotation. nil where keys are plain.
    public var smear: Tensor?

    /// All parts.
    public init(
        qkv: Linear,
        output: Linear,
        queryNorm: NormWeights = NormWeights(),
        keyNorm: NormWeights = NormWeights(),
        smear: Tensor? = nil
    ) {
        self.qkv = qkv
        self.output = output
        self.queryNorm = queryNorm
        self.keyNorm = keyNorm
        self.smear = smear
    }
}

/// Weights of one MLP.
public struct MLPWeights {
    /// [d_mlp, d_model]; nil where the hidden layer is not gated.
    public var gate: Linear?
    /// [d_mlp, d_model]
    public var up: Linear
    /// [d_model, d_mlp]
    public var down: Linear

    /// All parts.
    public init(gate: Linear? = nil, up: Linear, down: Linear) {
        self.gate = gate
        self.up = up
        self.down = down
    }
}

/// Weights of one block.
public struct BlockWeights {
    /// Before attention.
    public var norm1: NormWeights
    /// Attention.
    public var attention: AttentionWeights
    /// After attention.
    public var norm1Post: NormWeights
    /// Before the MLP.
    public var norm2: NormWeights
    /// nil in attention-only models.
    public var mlp: MLPWeights?
    /// After the MLP.
    public var norm2Post: NormWeights

    /// All parts.
    public init(
        norm1: NormWeights,
        attention: AttentionWeights,
        norm1Post: NormWeights = NormWeights(),
        norm2: NormWeights = NormWeights(),
        mlp: MLPWeights? = nil,
        norm2Post: NormWeights = NormWeights()
    ) {
        self.norm1 = norm1
        self.attention = attention
        self.norm1Post = norm1Post
        self.norm2 = norm2
        self.mlp = mlp
        self.norm2Post = norm2Post
    }
}

/// Weights of a decoder.
public struct TransformerWeights {
    /// [vocab, d_model]
    public var embedding: Tensor
    /// [context, d_model], where positions are learned.
    public var positions: Tensor?
    /// From the first on.
    public var blocks: BlockStack
    /// Before the unembedding.
    public var finalNorm: NormWeights
    /// [vocab, d_model]; the same tensor as `embedding` where the two are tied.
    public var unembedding: Linear

    /// All parts, in memory.
    public init(
        embedding: Tensor,
        positions: Tensor?,
        blocks: [BlockWeights],
        finalNorm: NormWeights,
        unembedding: Linear
    ) {
        self.init(
            embedding: embedding,
            positions: positions,
            blocks: BlockStack(blocks),
            finalNorm: finalNorm,
            unembedding: unembedding
        )
    }

    /// All parts.
    init(
        embedding: Tensor,
        positions: Tensor?,
        blocks: BlockStack,
        finalNorm: NormWeights,
        unembedding: Linear
    ) {
        self.embedding = embedding
        self.positions = positions
        self.blocks = blocks
        self.finalNorm = finalNorm
        self.unembedding = unembedding
    }
}
