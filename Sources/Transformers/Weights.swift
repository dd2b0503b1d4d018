// Weights in one layout for all families. Row-vector convention: y = x W^T + b with weight [out, in].
public import Torch

/// A linear map.
public struct Linear {
    /// [out, in]
    public var weight: Tensor
    /// [out]
    public var bias: Tensor?

    /// Both parts.
    public init(weight: Tensor, bias: Tensor?) {
        self.weight = weight
        self.bias = bias
    }

    /// [..., in] -> [..., out]
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.linear(weight, bias)
    }
}

/// Gain and bias of a norm; both nil where the norm has none.
public struct NormWeights {
    /// [d_model]
    public var weight: Tensor?
    /// [d_model]
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

    /// Both parts.
    public init(qkv: Linear, output: Linear) {
        self.qkv = qkv
        self.output = output
    }
}

/// Weights of one MLP.
public struct MLPWeights {
    /// [d_mlp, d_model]
    public var up: Linear
    /// [d_model, d_mlp]
    public var down: Linear

    /// Both parts.
    public init(up: Linear, down: Linear) {
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
    /// Before the MLP.
    public var norm2: NormWeights
    /// nil in attention-only models.
    public var mlp: MLPWeights?

    /// All parts.
    public init(
        norm1: NormWeights,
        attention: AttentionWeights,
        norm2: NormWeights = NormWeights(),
        mlp: MLPWeights? = nil
    ) {
        self.norm1 = norm1
        self.attention = attention
        self.norm2 = norm2
        self.mlp = mlp
    }
}

/// Weights of a decoder.
public struct TransformerWeights {
    /// [vocab, d_model]
    public var embedding: Tensor
    /// [context, d_model], where positions are learned.
    public var positions: Tensor?
    /// One an attention layer.
    public var blocks: [BlockWeights]
    /// Before the unembedding.
    public var finalNorm: NormWeights
    /// [vocab, d_model]; the same tensor as `embedding` where the two are tied.
    public var unembedding: Linear

    /// All parts.
    public init(
        embedding: Tensor,
        positions: Tensor?,
        blocks: [BlockWeights],
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
