// Writing NumPy's .npy files piece by piece.
//
// Promises: format version 1.0, little endian, row-major, the data aligned to 64 bytes; memory does not grow
// with what is written; the file appears complete or not at all (`AtomicFile`).
// Source: NumPy, `numpy.lib.format`.

import Files
public import Foundation

/// Writes one array. Not for use from two threads at once.
public final class NumpyArrayFile {
    /// The element types that are written.
    public enum Element: String, Sendable {
        /// IEEE 754 half precision
        case float16 = "<f2"
        /// IEEE 754 single precision
        case float32 = "<f4"
        /// IEEE 754 double precision
        case float64 = "<f8"
        /// Signed, 32 bits
        case int32 = "<i4"
        /// Signed, 64 bits
        case int64 = "<i8"
        /// One byte, 0 or 1
        case bool = "|b1"

        /// Bytes of one element.
        public var byteCount: Int {
            switch self {
            case .bool: 1
            case .float16: 2
            case .float32, .int32: 4
            case .float64, .int64: 8
            }
        }
    }

    private let file: AtomicFile
    private let size: Int
    private var written = 0

    /// Starts a file for an array of that shape (empty for a scalar); throws `FileError`.
    public init(replacing url: URL, element: Element, shape: [Int]) throws {
        precondition(shape.allSatisfy { $0 >= 0 }, "an array of shape \(shape)")
        // NumPy itself has at most 64 axes; the header's length must fit 16 bits.
        precondition(shape.count <= 64, "an array of \(shape.count) axes, and NumPy has at most 64")
        size = shape.reduce(element.byteCount, *)
        let header = NumpyArrayFile.header(element, shape)
        file = try AtomicFile(replacing: url)
        try file.reserve(size: header.count + size)
        try file.write(header)
    }

    /// Adds the next bytes (row-major, little endian), all of them or some, but no more than the shape needs;
    /// throws `FileError`.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(
            bytes.count <= size - written,
            "\(bytes.count) bytes after \(written) of the \(size) of \(file.url.path)"
        )
        try file.write(bytes)
        written += bytes.count
    }

    /// Puts the file in place; throws `FileError`. All bytes must have been written.
    public func finish() throws {
        if written < size {
            file.discard()
            preconditionFailure("\(file.url.path) finished after \(written) of \(size) bytes")
        }
        try file.commit()
    }

    /// Writes `values` as an array of that shape; throws `FileError`.
    public static func write(_ values: [Float], shape: [Int], to url: URL) throws {
        try write(values, .float32, shape, to: url)
    }

    /// Writes `values` as an array of that shape; throws `FileError`.
    public static func write(_ values: [Double], shape: [Int], to url: URL) throws {
        try write(values, .float64, shape, to: url)
    }

    /// Writes `values` as an array of that shape; throws `FileError`.
    public static func write(_ values: [Int32], shape: [Int], to url: URL) throws {
        try write(values, .int32, shape, to: url)
    }

    /// Writes `values` as an array of that shape; throws `FileError`.
    public static func write(_ values: [Int64], shape: [Int], to url: URL) throws {
        try write(values, .int64, shape, to: url)
    }

    /// Writes `values` as an array of that shape; throws `FileError`.
    public static func write(_ values: [Bool], shape: [Int], to url: URL) throws {
        try write(values.map { $0 ? 1 : 0 as UInt8 }, .bool, shape, to: url)
    }

    private static func write<Value: BitwiseCopyable>(
        _ values: [Value],
        _ element: Element,
        _ shape: [Int],
        to url: URL
    ) throws {
        precondition(
            values.count == shape.reduce(1, *),
            "\(values.count) values for an array of shape \(shape)"
        )
        let file = try NumpyArrayFile(replacing: url, element: element, shape: shape)
        // The machines that this runs on are little endian, as the file is.
        try values.withUnsafeBytes { try file.append($0) }
        try file.finish()
    }

    private static func header(_ element: Element, _ shape: [Int]) -> Data {
        // A Python tuple: one axis is written "(3,)".
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(element.rawValue)', 'fortran_order': False, 'shape': (\(axes)), }"
        let before = 10
        // Spaces and a newline up to a multiple of 64.
        let rest = (64 - (before + text.utf8.count + 1) % 64) % 64
        text += String(repeating: " ", count: rest) + "\n"
        var header = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
        header.append(contentsOf: [UInt8(text.utf8.count & 0xff), UInt8(text.utf8.count >> 8)])
        header.append(Data(text.utf8))
        return header
    }
}
