// Products and the layers that transformers are made of.
import CTorch

extension Tensor {
    /// Matrix product over the last two axes; the others broadcast.
    public func matmul(_ other: Tensor) -> Tensor {
        make("matmul", [self, other]) { ct_matmul($0, raw, other.raw) }
    }

    /// x W^T + b: [..., in] with `weight` [out, in] and `bias` [out] gives [..., out]. On the CPU in float32
    /// oneDNN does it, and its gradients, about twice as fast as libtorch's own.
    public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
        make("linear", [self, weight] + (bias.map { [$0] } ?? [])) {
            ct_linear($0, raw, weight.raw, bias?.raw)
        }
    }

    /// `activation` of `linear`; where oneDNN does it, without another pass over the result.
    public func linear(_ weight: Tensor, _ bias: Tensor? = nil, then activation: Activation) -> Tensor {
        make("linear", [self, weight] + (bias.map { [$0] } ?? [])) {
            ct_linear_activated($0, raw, weight.raw, bias?.raw, activation.operation)
        }
    }

    /// A weight [out, in] in the order that oneDNN reads products with about `rows` rows in: for `linear`, and nothing
    /// else, where one weight is used many times. nil where oneDNN does not do them.
    public func packedForLinear(rows: Int) -> Tensor? {
        var packed: ct_tensor?
        check(ct_pack_linear(&packed, raw, Int64(rows)), "packedForLinear", [self])
        return packed.map { Tensor(TensorHandle($0)) }
    }

    /// Exponentials along an axis, divided by their sum.
    public func softmax(_ axis: Int = -1) -> Tensor {
        make("softmax(\(axis))", [self]) { ct_softmax($0, raw, Int64(axis)) }
    }

    /// Logarithm of `softmax`.
    public func logSoftmax(_ axis: Int = -1) -> Tensor {
        make("logSoftmax(\(axis))", [self]) { ct_log_softmax($0, raw, Int64(axis)) }
    }

    /// (x - mean) / sqrt(variance + epsilon) over the last axis, times `weight`, plus `bias`.
    public func layerNorm(_ weight: Tensor?, _ bias: Tensor?, epsilon: Double) -> Tensor {
        make("layerNorm", [self]) { ct_layer_norm($0, raw, weight?.raw, bias?.raw, epsilon) }
    }

    /// x / sqrt(mean of squares + epsilon) over the last axis, times `weight`.
    public func rmsNorm(_ weight: Tensor?, epsilon: Double) -> Tensor {
        make("rmsNorm", [self]) { ct_rms_norm($0, raw, weight?.raw, epsilon) }
    }

    /// max(x, 0).
    public func relu() -> Tensor { apply(CT_RELU, "relu") }
    /// x times the logistic function of x.
    public func silu() -> Tensor { apply(CT_SILU, "silu") }
    /// x times the normal distribution function of x.
    public func gelu() -> Tensor { apply(CT_GELU, "gelu") }
    /// GELU by its tanh approximation (`gelu_new` in GPT-2).
    public func geluTanh() -> Tensor { apply(CT_GELU_TANH, "geluTanh") }

    /// Rows of this [vocab, d_model] at `ids` (int64, any shape): [..., d_model].
    public func embedding(_ ids: Tensor) -> Tensor {
        make("embedding", [self, ids]) { ct_embedding($0, raw, ids.raw) }
    }

    /// Turns pairs of the first n of the last axis, (a, b) to (a cos - b sin, b cos + a sin): rotary positions.
    ///
    /// - Parameters:
    ///   - cosines: of the angles, [..., n/2], broadcast to the pairs.
    ///   - sines: as wide.
    ///   - pairsAreNeighbours: whether pair i is 2i and 2i + 1 rather than i and i + n/2.
    ///   - overwriting: whether this tensor may be changed, and be what is given back: a pass over memory less.
    public func rotated(
        cosines: Tensor,
        sines: Tensor,
        pairsAreNeighbours: Bool,
        overwriting: Bool = false
    ) -> Tensor {
        make("rotated", [self, cosines, sines]) {
            ct_rotate($0, raw, cosines.raw, sines.raw, pairsAreNeighbours, overwriting)
        }
    }

    /// Fused causal attention: q [batch, head, query, d_head] with k and v [batch, key/value head, key, d_head] gives
    /// [batch, head, query, d_head]. The last query stands at the last key; a query looks back at `window` keys, its
    /// own included, or at all. Has a second derivative only inside `withSecondDerivatives`.
    public static func causalAttention(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        scale: Double,
        window: Int? = nil
    ) -> Tensor {
        make("causalAttention", [q, k, v]) {
            ct_causal_attention($0, q.raw, k.raw, v.raw, scale, Int64(window ?? 0))
        }
    }

    /// Sets scores [..., query, key] to -inf where the key lies in the query's future or before its window, in place;
    /// gives itself back.
    public func maskingCausallyInPlace(window: Int? = nil) -> Tensor {
        check(ct_causal_mask_(raw, Int64(window ?? 0)), "maskingCausallyInPlace", [self])
        return self
    }

    /// cap * tanh(x / cap): stays between -cap and cap.
    public func softCapped(_ cap: Double) -> Tensor { (self / cap).tanh() * cap }

    /// -log softmax(logits)[target] for logits [..., class] and targets [...] (int64): [...], in nats.
    public func crossEntropy(_ targets: Tensor) -> Tensor {
        let classes = size(-1)
        let logits = reshape(-1, classes)
        let flat = targets.reshape(-1)
        return make("crossEntropy", [self, targets]) { ct_cross_entropy($0, logits.raw, flat.raw) }
            .reshape(targets.shape)
    }
}
