// Shape. Results are views wherever libtorch can make one; negative axes count from the end.
import CTorch

extension Tensor {
    /// The same elements in another shape; one size may be -1.
    public func reshape(_ shape: [Int]) -> Tensor {
        make("reshape(\(shape))", [self]) { ct_reshape($0, raw, int64(shape), shape.count) }
    }

    /// The same elements in another shape; one size may be -1.
    public func reshape(_ shape: Int...) -> Tensor {
        reshape(shape)
    }

    /// Axes of size 1 repeated to `shape` without copying; -1 keeps a size.
    public func expand(_ shape: [Int]) -> Tensor {
        make("expand(\(shape))", [self]) { ct_expand($0, raw, int64(shape), shape.count) }
    }

    /// Axes in the order given.
    public func permute(_ axes: Int...) -> Tensor {
        make("permute(\(axes))", [self]) { ct_permute($0, raw, int64(axes), axes.count) }
    }

    /// Two axes exchanged.
    public func transpose(_ first: Int, _ second: Int) -> Tensor {
        make("transpose(\(first), \(second))", [self]) { ct_transpose($0, raw, Int64(first), Int64(second)) }
    }

    /// The last two axes exchanged.
    public var mT: Tensor { transpose(-2, -1) }

    /// A new axis of size 1.
    public func unsqueeze(_ axis: Int) -> Tensor {
        make("unsqueeze(\(axis))", [self]) { ct_unsqueeze($0, raw, Int64(axis)) }
    }

    /// Without an axis of size 1.
    public func squeeze(_ axis: Int) -> Tensor {
        make("squeeze(\(axis))", [self]) { ct_squeeze($0, raw, Int64(axis)) }
    }

    /// Consecutive pieces of an axis, of these sizes, which add up to its own. Their gradients are joined once, where those
    /// of slices are added up.
    public func split(_ sizes: [Int], axis: Int) -> [Tensor] {
        var raws = [ct_tensor?](repeating: nil, count: sizes.count)
        let status = ct_split(&raws, raw, int64(sizes), sizes.count, Int64(axis))
        check(status, "split(\(sizes), axis: \(axis))", [self])
        return raws.map { Tensor(TensorHandle(unwrap($0))) }
    }

    /// Tensors joined along an axis they have.
    public static func cat(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        make("cat(axis: \(axis))", tensors) { out in
            withHandles(tensors) { ct_cat(out, $0, $1, Int64(axis)) }
        }
    }

    /// Tensors of one shape joined along a new axis.
    public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        make("stack(axis: \(axis))", tensors) { out in
            withHandles(tensors) { ct_stack(out, $0, $1, Int64(axis)) }
        }
    }

    /// Elements of an axis in reverse order.
    public func flip(_ axis: Int) -> Tensor {
        make("flip(\(axis))", [self]) { ct_flip($0, raw, Int64(axis)) }
    }

    /// Elements moved along an axis, those that leave come back at the other end.
    public func roll(_ shift: Int, axis: Int) -> Tensor {
        make("roll(\(shift))", [self]) { ct_roll($0, raw, Int64(shift), Int64(axis)) }
    }

    /// Complex [...] as real [..., 2]: real part, imaginary part.
    public func viewAsReal() -> Tensor {
        make("viewAsReal", [self]) { ct_view_as_real($0, raw) }
    }
}
