// Writing a safetensors file piece by piece.
//
// Promises: memory does not grow with what is written; the file appears complete or not at all
// (`AtomicFile`); the same declarations, metadata and bytes give the same file, byte for byte the one that
// the reference implementation writes (tensors by falling alignment of their type, then by name; compact JSON
// padded with spaces to a multiple of 8), with the metadata sorted by key.

import Files
public import Foundation
import JSON

/// Writes a file whose tensors are declared first and filled in any order. Not for use from two threads at
/// once.
public final class SafetensorsWriter {
    /// A tensor that will be in the file.
    public struct Entry: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// Its element type.
        public let dtype: SafetensorsDType
        /// The sizes of its axes, in row-major order; empty for a scalar.
        public let shape: [Int]

        /// A declaration.
        public init(_ name: String, _ dtype: SafetensorsDType, shape: [Int]) {
            self.name = name
            self.dtype = dtype
            self.shape = shape
        }
    }

    /// Where a tensor is in the file and how much of it is there.
    private struct Slot {
        let name: String
        let start: Int
        let size: Int
        var written = 0
    }

    private let file: AtomicFile
    private var slots: [Slot] = []
    private var places: [ExactString: Int] = [:]

    /// Starts a file with these tensors; throws `FileError`, or ``SafetensorsError`` if the header is too
    /// long.
    ///
    /// Names must differ and none may be `__metadata__`; sizes of axes must not be negative.
    public init(
        replacing url: URL,
        entries: [Entry],
        metadata: [String: String] = [:]
    ) throws {
        let entries = entries.sorted {
            ($1.dtype.rank, ExactString($0.name)) < ($0.dtype.rank, ExactString($1.name))
        }
        var offset = 0
        for (place, entry) in entries.enumerated() {
            precondition(entry.name != SafetensorsHeader.metadataKey, "a tensor named \(entry.name)")
            let earlier = places.updateValue(place, forKey: ExactString(entry.name))
            precondition(earlier == nil, "two tensors named \(entry.name)")
            precondition(entry.shape.allSatisfy { $0 >= 0 }, "\(entry.name) of shape \(entry.shape)")
            let size = entry.shape.reduce(entry.dtype.byteCount, *)
            slots.append(Slot(name: entry.name, start: offset, size: size))
            offset += size
        }
        let header = SafetensorsWriter.header(entries, slots: slots, metadata: metadata)
        guard header.count - 8 <= SafetensorsHeader.longest else {
            let length = UInt64(header.count - 8)
            throw SafetensorsError(
                file: url.path,
                problem: .headerTooLong(length: length, limit: SafetensorsHeader.longest)
            )
        }
        slots = slots.map { Slot(name: $0.name, start: $0.start + header.count, size: $0.size) }
        file = try AtomicFile(replacing: url)
        // Reserved at once: a disk that is too small is found before the work that the tensors take.
        try file.reserve(size: header.count + offset)
        try header.withUnsafeBytes { try file.write($0, at: 0) }
    }

    /// Adds the next bytes of a tensor (row-major, little endian), all of them or some; throws `FileError`.
    ///
    /// Pieces of different tensors may alternate. A tensor must not get more bytes than its shape needs.
    public func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws {
        guard let place = places[ExactString(name)] else {
            preconditionFailure("tensor \(name) was not declared")
        }
        let slot = slots[place]
        precondition(
            bytes.count <= slot.size - slot.written,
            "\(bytes.count) bytes after \(slot.written) of the \(slot.size) of tensor \(name)"
        )
        try file.write(bytes, at: slot.start + slot.written)
        slots[place].written += bytes.count
    }

    /// Puts the file in place; throws ``SafetensorsError`` if a tensor is not complete, or `FileError`.
    /// Either way nothing is left on disk then.
    public func finish() throws {
        for slot in slots where slot.written < slot.size {
            file.discard()
            throw SafetensorsError(
                file: file.url.path,
                tensor: slot.name,
                problem: .incomplete(expected: slot.size, found: slot.written)
            )
        }
        try file.commit()
    }

    /// The length and the header, padded.
    private static func header(_ entries: [Entry], slots: [Slot], metadata: [String: String]) -> Data {
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { ExactString($0.key) < ExactString($1.key) }
                .map { "\(JSONText.string($0.key)):\(JSONText.string($0.value))" }
            let key = JSONText.string(SafetensorsHeader.metadataKey)
            fields.append("\(key):{\(pairs.joined(separator: ","))}")
        }
        for (entry, slot) in zip(entries, slots) {
            let shape = entry.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(JSONText.string(entry.name)):{\"dtype\":\"\(entry.dtype.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(slot.start),\(slot.start + slot.size)]}"
            )
        }
        var text = Data("{\(fields.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        var header = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        header.append(text)
        return header
    }
}
