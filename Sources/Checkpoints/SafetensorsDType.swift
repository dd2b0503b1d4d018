// The element types of a safetensors file.
//
// Promises: every type of the format is known with its size, so that any file can be checked whole; the ten
// types that this project computes with can be read, the others are refused by name when they are asked for.
// Source: the format's reference implementation (huggingface/safetensors, `Dtype`).

/// An element type that can be read and written. Stored little endian.
public enum SafetensorsDType: String, CaseIterable, Sendable {
    /// IEEE 754 double precision
    case float64 = "F64"
    /// IEEE 754 single precision
    case float32 = "F32"
    /// IEEE 754 half precision
    case float16 = "F16"
    /// The upper half of a single-precision number
    case bfloat16 = "BF16"
    /// Signed, 64 bits
    case int64 = "I64"
    /// Signed, 32 bits
    case int32 = "I32"
    /// Signed, 16 bits
    case int16 = "I16"
    /// Signed, 8 bits
    case int8 = "I8"
    /// Unsigned, 8 bits
    case uint8 = "U8"
    /// One byte, 0 or 1
    case bool = "BOOL"

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Bits of one element of any type of the format, also of those that are not read here; nil for a name
    /// that the format does not have.
    static func bitCount(named name: String) -> Int? {
        if let known = SafetensorsDType(rawValue: name) { return known.byteCount * 8 }
        return switch name {
        case "F4": 4
        case "F6_E2M3", "F6_E3M2": 6
        case "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 8
        case "U16": 16
        case "U32": 32
        case "U64", "C64": 64
        default: nil
        }
    }

    /// The place of the type in a written file: the reference orders tensors by falling alignment, and within
    /// one alignment by this rank, highest first.
    var rank: Int {
        switch self {
        case .bool: 0
        case .uint8: 1
        case .int8: 2
        case .int16: 3
        case .float16: 4
        case .bfloat16: 5
        case .int32: 6
        case .float32: 7
        case .float64: 8
        case .int64: 9
        }
    }
}
