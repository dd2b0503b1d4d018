// Reading a safetensors file.
//
// Promises: the file is mapped, not read; it is checked whole when it is opened (`SafetensorsHeader`), so
// that a tensor's bytes are always inside it; pages can be given back as tensors are read.

import Files
public import Foundation
import JSON

/// An open safetensors file.
public final class SafetensorsFile: Sendable {
    /// Where the file is.
    public let url: URL
    /// What it holds, checked.
    public let header: SafetensorsHeader
    private let map: MappedFile
    private let places: [ExactString: Int]

    /// Opens and checks the file; throws ``SafetensorsError`` or `FileError`.
    public init(_ url: URL) throws {
        self.url = url
        let map = try MappedFile(url)
        self.map = map
        header = try map.withUnsafeBytes { try SafetensorsHeader(parsing: $0, file: url.path) }
        var places: [ExactString: Int] = [:]
        for (place, entry) in header.entries.enumerated() { places[ExactString(entry.name)] = place }
        self.places = places
        map.expectSequentialReads()
        map.release(0..<header.dataStart)
    }

    /// The names of the tensors, in the order of their bytes: reading in this order reads the file from front
    /// to back.
    public var names: [String] { header.entries.map(\.name) }

    /// The file's own remarks, by key.
    public var metadata: [String: String] { header.metadata }

    /// Whether there is a tensor of that name.
    public func contains(_ name: String) -> Bool { places[ExactString(name)] != nil }

    /// The tensor of that name; throws ``SafetensorsError`` if there is none, or if its type is not one of
    /// ``SafetensorsDType``.
    public func tensor(named name: String) throws(SafetensorsError) -> SafetensorsTensor {
        guard let place = places[ExactString(name)] else {
            let examples = header.entries.prefix(3).map(\.name)
            throw SafetensorsError(
                file: url.path,
                tensor: name,
                problem: .noSuchTensor(count: header.entries.count, examples: examples)
            )
        }
        let entry = header.entries[place]
        guard let dtype = entry.dtype else {
            throw SafetensorsError(
                file: url.path,
                tensor: name,
                problem: .unsupportedDType(entry.dtypeName)
            )
        }
        let start = header.dataStart
        let range = entry.dataRange.lowerBound + start..<entry.dataRange.upperBound + start
        return SafetensorsTensor(name: name, dtype: dtype, shape: entry.shape, fileRange: range, map: map)
    }
}

/// One tensor of an open file; keeps the file mapped while it lives.
public struct SafetensorsTensor: Sendable {
    /// The tensor's name.
    public let name: String
    /// The element type.
    public let dtype: SafetensorsDType
    /// The sizes of the axes, in row-major order; empty for a scalar.
    public let shape: [Int]
    /// Where its bytes are, counted from the start of the file.
    public let fileRange: Range<Int>
    fileprivate let map: MappedFile

    fileprivate init(
        name: String,
        dtype: SafetensorsDType,
        shape: [Int],
        fileRange: Range<Int>,
        map: MappedFile
    ) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.fileRange = fileRange
        self.map = map
    }

    /// How many bytes it has.
    public var byteCount: Int { fileRange.count }

    /// Whether ``withUnsafeBytes(_:)`` gives an address that fits the element type. Most writers see to it,
    /// but the format does not demand it: copy the bytes where this is false.
    public var isAligned: Bool { fileRange.lowerBound % dtype.byteCount == 0 }

    /// Calls `body` with the tensor's bytes: row-major, little endian, perhaps not aligned (``isAligned``).
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try map.withUnsafeBytes(in: fileRange, body)
    }

    /// Calls `body` with one piece of the tensor's bytes after the other, and where in the tensor each
    /// begins, and gives its memory back before the next, so that a tensor of any size is read with little
    /// resident memory.
    ///
    /// - Parameter size: bytes of a piece; the last may have fewer. Choose a multiple of the element size.
    public func forEachPiece<Failure: Error>(
        of size: Int = 8 << 20,
        _ body: (UnsafeRawBufferPointer, Int) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(size > 0 && size % dtype.byteCount == 0, "pieces of \(size) bytes of \(dtype.rawValue)")
        for start in stride(from: fileRange.lowerBound, to: fileRange.upperBound, by: size) {
            let range = start..<min(start + size, fileRange.upperBound)
            try map.withUnsafeBytes(in: range) { (bytes) throws(Failure) in
                try body(bytes, start - fileRange.lowerBound)
            }
            map.release(range)
        }
    }

    /// Gives back the memory of the pages that only this tensor lies on. Call it when the bytes have been
    /// copied.
    public func release() { map.release(fileRange) }
}
