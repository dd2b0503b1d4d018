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
    public func tensor(named name: String) throws(SafetensorsError) -> StoredTensor {
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
        return StoredTensor(
            name: name,
            dtype: dtype.tensorType,
            shape: entry.shape,
            fileRange: range,
            map: map
        )
    }
}
