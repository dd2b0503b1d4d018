// A tensor: a value in Swift, a counted reference to libtorch's storage beneath.
//
// Axis words used in shapes here and everywhere: batch, query, key, position, layer, head, d_model,
// d_head, vocab. A shape that does not fit is a mistake of the program and traps, with the operation,
// the shapes and libtorch's words. `Tensor` is not `Sendable`: one thread owns a model and its tensors.
import CTorch

/// An n-dimensional array on a device.
///
/// Copying a `Tensor` copies the reference. Views (slices, transposes, reshapes where possible) share
/// storage with their source; only the methods whose documentation says "in place" write to it.
public struct Tensor {
    let handle: TensorHandle

    init(_ handle: TensorHandle) {
        self.handle = handle
    }

    var raw: ct_tensor { handle.raw }
}

/// Owns one reference and frees it.
final class TensorHandle {
    let raw: ct_tensor

    init(_ raw: ct_tensor) {
        self.raw = raw
    }

    deinit {
        ct_tensor_free(raw)
    }
}

extension Tensor {
    /// Sizes of the axes, outermost first.
    public var shape: [Int] {
        let rank = self.rank
        var sizes = [Int64](repeating: 0, count: rank)
        check(ct_shape(&sizes, raw), "shape")
        return sizes.map { Int($0) }
    }

    /// Number of axes.
    public var rank: Int {
        var rank = 0
        check(ct_rank(&rank, raw), "rank")
        return rank
    }

    /// Size of one axis; negative numbers count from the end.
    public func size(_ axis: Int) -> Int {
        let shape = self.shape
        let index = axis < 0 ? axis + shape.count : axis
        precondition(shape.indices.contains(index), "axis \(axis) of a tensor of shape \(shape)")
        return shape[index]
    }

    /// Number of elements.
    public var count: Int {
        var count: Int64 = 0
        check(ct_element_count(&count, raw), "count")
        return Int(count)
    }

    /// Type of the elements.
    public var dtype: DType {
        var dtype = CT_FLOAT32
        check(ct_dtype_of(&dtype, raw), "dtype")
        return DType(dtype)
    }

    /// Where the storage is.
    public var device: Device {
        var device = ct_device(kind: CT_CPU, index: 0)
        check(ct_device_of(&device, raw), "device")
        return Device(device)
    }

    /// Whether the elements lie row-major without gaps.
    public var isContiguous: Bool {
        var result = false
        check(ct_is_contiguous(&result, raw), "isContiguous")
        return result
    }
}

extension Tensor: CustomStringConvertible {
    /// Shape, type and device; never the elements.
    public var description: String {
        "Tensor(\(shape), \(dtype), \(device))"
    }
}
