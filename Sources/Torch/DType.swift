// Element types.
import CTorch

/// Type of a tensor's elements.
public enum DType: String, Sendable, CaseIterable, Codable {
    /// 32-bit floating point, the default everywhere.
    case float32
    /// 64-bit floating point.
    case float64
    /// IEEE 16-bit floating point.
    case float16
    /// 16-bit floating point with float32's range.
    case bfloat16
    /// 64-bit signed integer; the type of indices.
    case int64
    /// 32-bit signed integer.
    case int32
    /// 16-bit signed integer.
    case int16
    /// 8-bit signed integer.
    case int8
    /// 8-bit unsigned integer.
    case uint8
    /// One byte, true or false.
    case bool
    /// Two float32; what eigenvalues of general matrices are.
    case complex64
    /// Two float64.
    case complex128

    private static let codes: [(DType, ct_dtype)] = [
        (.float32, CT_FLOAT32), (.float64, CT_FLOAT64), (.float16, CT_FLOAT16), (.bfloat16, CT_BFLOAT16),
        (.int64, CT_INT64), (.int32, CT_INT32), (.int16, CT_INT16), (.int8, CT_INT8), (.uint8, CT_UINT8),
        (.bool, CT_BOOL), (.complex64, CT_COMPLEX64), (.complex128, CT_COMPLEX128),
    ]

    init(_ code: ct_dtype) {
        guard let found = Self.codes.first(where: { $0.1 == code }) else {
            preconditionFailure("unknown dtype code \(code.rawValue)")
        }
        self = found.0
    }

    var code: ct_dtype {
        guard let found = Self.codes.first(where: { $0.0 == self }) else {
            preconditionFailure("no code for \(self)")
        }
        return found.1
    }

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .complex128: 16
        case .float64, .int64, .complex64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether values are real numbers with a fraction.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        default: false
        }
    }
}

/// Swift types that travel to and from tensors.
public protocol TensorElement: BitwiseCopyable {
    /// The tensor type with the same bits.
    static var dtype: DType { get }
}

extension Float: TensorElement {
    /// float32
    public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
    /// float64
    public static var dtype: DType { .float64 }
}

extension Int: TensorElement {
    /// int64
    public static var dtype: DType { .int64 }
}

extension Int32: TensorElement {
    /// int32
    public static var dtype: DType { .int32 }
}

extension UInt8: TensorElement {
    /// uint8
    public static var dtype: DType { .uint8 }
}

extension Bool: TensorElement {
    /// bool
    public static var dtype: DType { .bool }
}
