// The element types of PyTorch's files.

import Torch

/// An element type by PyTorch's name. Those that are not computed with are known by their size, so that a file that
/// has one beside the weights can be opened.
enum TorchElement: String, CaseIterable, Sendable {
    case float64, float32, float16, bfloat16
    case int64, int32, int16, int8, uint8, bool
    case uint16, uint32, uint64, complex32, complex64, complex128
    case float8E4M3 = "float8_e4m3fn"
    case float8E5M2 = "float8_e5m2"

    /// Bytes of one element.
    var byteCount: Int {
        switch self {
        case .complex128: 16
        case .float64, .int64, .uint64, .complex64: 8
        case .float32, .int32, .uint32, .complex32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool, .float8E4M3, .float8E5M2: 1
        }
    }

    /// The tensor type with the same bits, if there is one here.
    var tensorType: DType? { DType(rawValue: rawValue) }

    /// The name of the class of storages of this type; nil for types that are stored as plain bytes.
    var storageName: String? {
        switch self {
        case .float64: "DoubleStorage"
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        case .complex64: "ComplexFloatStorage"
        case .complex128: "ComplexDoubleStorage"
        default: nil
        }
    }
}
