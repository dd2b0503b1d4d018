// Reductions. No axes means all of them; `keep` leaves reduced axes with size 1.
import CTorch

extension Tensor {
    /// Sum over axes.
    public func sum(_ axes: Int..., keep: Bool = false) -> Tensor { reduce(CT_SUM, "sum", axes, keep) }
    /// Mean over axes.
    public func mean(_ axes: Int..., keep: Bool = false) -> Tensor { reduce(CT_MEAN, "mean", axes, keep) }
    /// Largest value over axes.
    public func max(_ axes: Int..., keep: Bool = false) -> Tensor { reduce(CT_MAX, "max", axes, keep) }
    /// Smallest value over axes.
    public func min(_ axes: Int..., keep: Bool = false) -> Tensor { reduce(CT_MIN, "min", axes, keep) }
    /// log of the sum of exponentials over axes.
    public func logSumExp(_ axes: Int..., keep: Bool = false) -> Tensor {
        reduce(CT_LOGSUMEXP, "logSumExp", axes, keep)
    }
    /// Euclidean norm over axes.
    public func norm(_ axes: Int..., keep: Bool = false) -> Tensor { reduce(CT_NORM, "norm", axes, keep) }

    /// Variance over axes, with n - 1 in the denominator unless `unbiased` is false.
    public func variance(_ axes: Int..., unbiased: Bool = true, keep: Bool = false) -> Tensor {
        make("variance(\(axes))", [self]) { ct_variance($0, raw, int64(axes), axes.count, unbiased, keep) }
    }

    /// Whether any element is true or not zero.
    public func any() -> Bool { make("any", [self]) { ct_any($0, raw) }.scalar != 0 }

    /// Whether all elements are true or not zero.
    public func all() -> Bool { make("all", [self]) { ct_all($0, raw) }.scalar != 0 }

    /// Whether no element is NaN or infinite.
    public var isAllFinite: Bool {
        var result = false
        check(ct_all_finite(&result, raw), "isAllFinite", [self])
        return result
    }

    /// Running sum along an axis.
    public func cumulativeSum(_ axis: Int) -> Tensor {
        make("cumulativeSum(\(axis))", [self]) { ct_cumulative_sum($0, raw, Int64(axis)) }
    }

    /// Index of the largest value of an axis, int64; of equal ones, any.
    public func argmax(_ axis: Int, keep: Bool = false) -> Tensor {
        make("argmax(\(axis))", [self]) { ct_argmax($0, raw, Int64(axis), keep) }
    }

    /// The k largest (or smallest) values of an axis, sorted, and their indices.
    public func topK(_ k: Int, axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
        makePair("topK(\(k), axis: \(axis))", [self]) { ct_topk($0, $1, raw, Int64(k), Int64(axis), largest) }
    }

    /// An axis in ascending (or descending) order, and the indices it came from. Stable.
    public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        makePair("sorted(axis: \(axis))", [self]) { ct_sort($0, $1, raw, Int64(axis), descending) }
    }

    private func reduce(_ reduction: ct_reduction, _ name: String, _ axes: [Int], _ keep: Bool) -> Tensor {
        make("\(name)(\(axes))", [self]) { ct_reduce($0, reduction, raw, int64(axes), axes.count, keep) }
    }
}
