// Creation, transfer between host and device, changes of type.
import CTorch

extension Tensor {
    /// A tensor whose elements are not set.
    public static func empty(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("empty(\(shape))") { ct_empty($0, int64(shape), shape.count, dtype.code, device.code) }
    }

    /// A tensor of one value.
    public static func full(
        _ shape: [Int],
        _ value: Double,
        dtype: DType = .float32,
        device: Device = .cpu
    ) -> Tensor {
        make("full(\(shape))") { ct_full($0, int64(shape), shape.count, value, dtype.code, device.code) }
    }

    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 0, dtype: dtype, device: device)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 1, dtype: dtype, device: device)
    }

    /// Zeros of this tensor's shape, type and device.
    public func zerosLike() -> Tensor {
        .zeros(shape, dtype: dtype, device: device)
    }

    /// Whole numbers start, start + step, … below `end`; shape [count].
    public static func range(
        _ start: Int = 0,
        to end: Int,
        by step: Int = 1,
        dtype: DType = .int64,
        device: Device = .cpu
    ) -> Tensor {
        make("range(\(start), to: \(end), by: \(step))") {
            ct_arange($0, Int64(start), Int64(end), Int64(step), dtype.code, device.code)
        }
    }

    /// Copies row-major `values`; their number is the product of `shape`.
    public init<Element: TensorElement>(_ values: [Element], _ shape: [Int], device: Device = .cpu) {
        precondition(
            values.count == shape.reduce(1, *),
            "\(values.count) values do not fill a tensor of shape \(shape)"
        )
        self = .empty(shape, dtype: Element.dtype, device: device)
        values.withUnsafeBytes { bytes in
            Tensor.withView(of: bytes, shape: shape, dtype: Element.dtype) { assign($0) }
        }
    }

    /// Copies `values` to a tensor of shape [count].
    public init<Element: TensorElement>(_ values: [Element], device: Device = .cpu) {
        self.init(values, [values.count], device: device)
    }

    /// A tensor without axes.
    public init(scalar value: Double, dtype: DType = .float32, device: Device = .cpu) {
        self = .full([], value, dtype: dtype, device: device)
    }

    /// Hands `body` a view of row-major host bytes. Neither the view nor a view of it may leave `body`: copy what is
    /// to stay.
    public static func withView<Result>(
        of bytes: UnsafeRawBufferPointer,
        shape: [Int],
        dtype: DType,
        _ body: (Tensor) throws -> Result
    ) rethrows -> Result {
        // An empty buffer may have no address; libtorch reads nothing from this one.
        let address = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
        let view = make("view of \(bytes.count) bytes as \(shape) \(dtype)") {
            ct_borrow_host($0, address, bytes.count, int64(shape), shape.count, dtype.code)
        }
        return try body(view)
    }

    /// Hands `body` a view of host bytes with `strides`, in elements, none negative. Neither the view nor a view of it
    /// may leave `body`: copy what is to stay.
    public static func withView<Result>(
        of bytes: UnsafeRawBufferPointer,
        shape: [Int],
        strides: [Int],
        dtype: DType,
        _ body: (Tensor) throws -> Result
    ) rethrows -> Result {
        precondition(shape.count == strides.count, "strides \(strides) for shape \(shape)")
        let address = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
        let view = make("view of \(bytes.count) bytes as \(shape) \(dtype) with strides \(strides)") {
            ct_borrow_host_strided(
                $0,
                address,
                bytes.count,
                int64(shape),
                int64(strides),
                shape.count,
                dtype.code
            )
        }
        return try body(view)
    }

    /// All elements, row-major, converted to `Element`.
    public func array<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
        let source = to(Element.dtype)
        let count = source.count
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Storage of one element more than none, so that an empty tensor has an address too.
            source.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), count: count * Element.dtype.size)
            initialized = count
        }
    }

    /// All elements as Float, row-major.
    public var floats: [Float] { array() }

    /// All elements as Double, row-major.
    public var doubles: [Double] { array() }

    /// All elements as Int, row-major.
    public var ints: [Int] { array() }

    /// The one element of a tensor that has just one.
    public var scalar: Double {
        precondition(count == 1, "a tensor of shape \(shape) is not one number")
        return doubles[0]
    }

    /// Copies all elements, row-major and in this tensor's type, to the start of `buffer`.
    public func copyBytes(to buffer: UnsafeMutableRawBufferPointer) {
        copyBytes(to: buffer, count: count * dtype.size)
    }

    private func copyBytes(to buffer: UnsafeMutableRawBufferPointer, count: Int) {
        precondition(count <= buffer.count, "\(count) bytes do not fit into \(buffer.count)")
        if count == 0 { return }
        check(ct_to_host(buffer.baseAddress, count, raw), "copyBytes", [self])
    }

    /// This tensor in another type or place; itself where nothing changes.
    public func to(_ dtype: DType? = nil, device: Device? = nil) -> Tensor {
        let target = (dtype ?? self.dtype, device ?? self.device)
        if target == (self.dtype, self.device) { return self }
        return make("to(\(target.0), \(target.1))", [self]) { ct_to($0, raw, target.0.code, target.1.code) }
    }

    /// A copy with storage of its own.
    public func copy() -> Tensor {
        make("copy", [self]) { ct_clone($0, raw) }
    }

    /// Row-major without gaps; itself where it is so already.
    public func contiguous() -> Tensor {
        make("contiguous", [self]) { ct_contiguous($0, raw) }
    }
}
