// Indexing. Selections and slices are views: what is written to them in place is written to their source.
import CTorch

extension Tensor {
    /// One index of an axis, which disappears.
    public func select(_ axis: Int, _ index: Int) -> Tensor {
        make("select(\(axis), \(index))", [self]) { ct_select($0, raw, Int64(axis), Int64(index)) }
    }

    /// A range of an axis.
    public func slice(_ axis: Int, _ range: Range<Int>, by step: Int = 1) -> Tensor {
        make("slice(\(axis), \(range))", [self]) {
            ct_slice($0, raw, Int64(axis), Int64(range.lowerBound), Int64(range.upperBound), Int64(step))
        }
    }

    /// One index of the first axis.
    public subscript(_ index: Int) -> Tensor {
        select(0, index)
    }

    /// A range of the first axis.
    public subscript(_ range: Range<Int>) -> Tensor {
        slice(0, range)
    }

    /// The entries of an axis at `indices` (int64, one axis), in their order.
    public func indexSelect(_ axis: Int, _ indices: Tensor) -> Tensor {
        make("indexSelect(\(axis))", [self, indices]) { ct_index_select($0, raw, Int64(axis), indices.raw) }
    }

    /// Advanced indexing, as NumPy defines it: one entry an axis from the first on, nil keeps the axis. Index
    /// tensors broadcast together; where kept axes stand between them, the indexed axes come first.
    public func index(_ indices: [Tensor?]) -> Tensor {
        make("index", [self] + indices.compactMap(\.self)) { out in
            withOptionalHandles(indices) { ct_index(out, raw, $0, $1) }
        }
    }

    /// out[i][j] = self[indices[i][j]][j] for axis 0, and so on.
    public func gather(_ axis: Int, _ indices: Tensor) -> Tensor {
        make("gather(\(axis))", [self, indices]) { ct_gather($0, raw, Int64(axis), indices.raw) }
    }

    /// A copy with `source` written where `indices` say, the reverse of `gather`.
    public func scatter(_ axis: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
        make("scatter(\(axis))", [self, indices, source]) {
            ct_scatter($0, raw, Int64(axis), indices.raw, source.raw)
        }
    }

    /// `a` where the condition holds, else `b`.
    public static func select(where condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        make("select(where:)", [condition, a, b]) { ct_where($0, condition.raw, a.raw, b.raw) }
    }

    /// A copy with `value` where the mask holds.
    public func maskedFill(_ mask: Tensor, _ value: Double) -> Tensor {
        make("maskedFill", [self, mask]) { ct_masked_fill($0, raw, mask.raw, value) }
    }

    /// Zero above the diagonal of the last two axes.
    public func lowerTriangle(_ diagonal: Int = 0) -> Tensor {
        make("lowerTriangle", [self]) { ct_tril($0, raw, Int64(diagonal)) }
    }

    /// Zero below the diagonal of the last two axes.
    public func upperTriangle(_ diagonal: Int = 0) -> Tensor {
        make("upperTriangle", [self]) { ct_triu($0, raw, Int64(diagonal)) }
    }
}

// In place: these write to the storage that this tensor, its source and its other views share.
extension Tensor {
    /// Overwrites all elements; `source` is broadcast and converted.
    public func assign(_ source: Tensor) {
        check(ct_copy_(raw, source.raw), "assign", [self, source])
    }

    /// Sets all elements to one value, in place.
    public func fill(_ value: Double) {
        check(ct_fill_(raw, value), "fill", [self])
    }

    /// Adds scale times `other`, in place.
    public func addInPlace(_ other: Tensor, scale: Double = 1) {
        check(ct_add_(raw, other.raw, scale), "addInPlace", [self, other])
    }

    /// Multiplies by a number, in place.
    public func multiplyInPlace(_ factor: Double) {
        check(ct_multiply_(raw, factor), "multiplyInPlace", [self])
    }

    /// Adds the entries of `source` along an axis to those at `indices`, in place; repeated indices add up.
    public func indexAddInPlace(_ axis: Int, _ indices: Tensor, _ source: Tensor) {
        check(
            ct_index_add_(raw, Int64(axis), indices.raw, source.raw),
            "indexAddInPlace(\(axis))",
            [self, indices, source]
        )
    }

    /// Writes `values` where `index(_:)` with the same indices would read, in place.
    public func indexPutInPlace(_ indices: [Tensor?], _ values: Tensor) {
        let status = withOptionalHandles(indices) { ct_index_put_(raw, $0, $1, values.raw) }
        check(status, "indexPutInPlace", [self] + indices.compactMap(\.self) + [values])
    }
}

private func withOptionalHandles<Result>(
    _ tensors: [Tensor?],
    _ body: (UnsafePointer<ct_tensor?>?, Int) -> Result
) -> Result {
    let raws = tensors.map { $0?.raw }
    return withExtendedLifetime(tensors) {
        raws.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}
