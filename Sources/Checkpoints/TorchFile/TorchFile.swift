// A file that torch.save wrote (PyTorch 1.6 or newer): a zip archive with a pickle and one record a storage.
//
// Promises: nothing that the pickle says is run. The archive's directory and the pickle are read and checked; the
// storages stay on disk, mapped, and each tensor that is asked for is checked against the record that holds it.
// Source: PyTorch, notes/serialization ("Serialized file format for torch.save").

import Files
import Foundation
import JSON
import Torch

/// An open file.
final class TorchFile: Sendable {
    let path: String
    private let map: MappedFile
    private let directory: ZipDirectory
    /// What all records' names begin with: the archive's own name and a slash.
    private let prefix: String
    private let pickle: Pickle

    /// Opens and checks a file; throws ``TorchFileError``, ``PickleError`` or `FileError`.
    init(_ url: URL) throws {
        path = url.path
        let map = try MappedFile(url)
        self.map = map
        directory = try map.withUnsafeBytes { bytes throws(TorchFileError) in
            try TorchFile.refuseOthers(bytes, file: url.path)
            return try ZipDirectory(parsing: bytes, file: url.path)
        }
        let pickles = directory.records.filter { $0.key.string.hasSuffix("/data.pkl") }
        guard let (name, range) = pickles.min(by: { $0.key < $1.key }), pickles.count == 1 else {
            throw TorchFileError(file: url.path, problem: .noPickle)
        }
        let prefix = String(name.string.dropLast("data.pkl".count))
        self.prefix = prefix
        if let order = directory.records[ExactString(prefix + "byteorder")] {
            let text = map.withUnsafeBytes(in: order) { String(decoding: $0.prefix(80), as: UTF8.self) }
            guard text == "little" else {
                let place = TorchFileError.record(prefix + "byteorder")
                throw TorchFileError(file: url.path, place: place, problem: .byteOrder(text))
            }
        }
        let source = "\(url.path): \(name.string)"
        guard range.count <= Pickle.longest else {
            let problem = PickleError.Problem.tooLong(size: range.count, limit: Pickle.longest)
            throw PickleError.stream(source: source, offset: 0, problem: problem)
        }
        pickle = try Pickle(map.withUnsafeBytes(in: range, Array.init), source: source)
        map.expectSequentialReads()
    }

    /// What was saved.
    var root: PickleField { pickle.value }

    /// Kinds of files that are known and not read.
    private static func refuseOthers(_ bytes: UnsafeRawBufferPointer, file: String) throws(TorchFileError) {
        // A pickle of protocol 2 that holds the number 0x1950a86a20f9469cfc6c and nothing else.
        let magic: [UInt8] = [
            0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
        ]
        if bytes.starts(with: magic) { throw TorchFileError(file: file, problem: .containerBefore16) }
        if bytes.starts(with: "version https://git-lfs".utf8) {
            throw TorchFileError(file: file, problem: .gitLFSPointer)
        }
    }
}

// Tensors
extension TorchFile {
    /// A tensor's description, checked: all its elements lie in its storage, and the storage in its record.
    struct Description {
        let element: TorchElement
        let shape: [Int]
        let strides: [Int]
        /// From the first element to the last, counted from the start of the file.
        let range: Range<Int>
    }

    /// Whether a value is a tensor.
    static func isTensor(_ field: PickleField) -> Bool {
        switch field.node {
        case .object(.rebuildTensor, _), .object(.rebuildParameter, _): true
        default: false
        }
    }

    /// A tensor by its description; throws `CheckpointError` for an element type that is not computed with.
    func tensor(_ field: PickleField, name: String) throws -> StoredTensor {
        let found = try description(of: field, name: name)
        guard let dtype = found.element.tensorType else {
            throw CheckpointError.dtype(source: path, name: name, found: found.element.rawValue)
        }
        return StoredTensor(
            name: name,
            dtype: dtype,
            shape: found.shape,
            strides: found.strides,
            fileRange: found.range,
            map: map
        )
    }

    /// Reads and checks the description of the tensor that is saved under `name`.
    func description(of field: PickleField, name: String) throws(TorchFileError) -> Description {
        let reader = TensorReader(pickle: pickle, file: path, name: name)
        let parts = try reader.parts(of: field)
        let record = prefix + "data/" + parts.key
        guard let place = directory.records[ExactString(record)] else {
            throw reader.error(.noRecord(record))
        }
        let (size, overflow) = parts.count.multipliedReportingOverflow(by: parts.unit)
        guard !overflow, size <= place.count else {
            let expected = "\(parts.count) elements of \(parts.unit) byte\(parts.unit == 1 ? "" : "s")"
            throw reader.error(.storageTooSmall(record: record, expected: expected, found: place.count))
        }
        let width = parts.element.byteCount
        let elements = size / width
        guard let extent = extent(parts.shape, parts.strides), parts.offset <= elements,
            extent <= elements - parts.offset
        else {
            throw reader.error(
                .beyondStorage(
                    shape: parts.shape,
                    strides: parts.strides,
                    offset: parts.offset,
                    elements: elements
                )
            )
        }
        let start = place.lowerBound + parts.offset * width
        return Description(
            element: parts.element,
            shape: parts.shape,
            strides: parts.strides,
            range: start..<start + extent * width
        )
    }

    /// From the first element to behind the last, in elements; 0 without elements, nil where it cannot be counted.
    private func extent(_ shape: [Int], _ strides: [Int]) -> Int? {
        if shape.contains(0) { return 0 }
        var last = 0
        // Counted too, so that whoever multiplies the sizes need not fear an overflow.
        var count = 1
        for (size, stride) in zip(shape, strides) {
            let (reach, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, tooMuch) = last.addingReportingOverflow(reach)
            let (product, tooMany) = count.multipliedReportingOverflow(by: size)
            guard !tooFar, !tooMuch, !tooMany else { return nil }
            last = sum
            count = product
        }
        return last == .max ? nil : last + 1
    }
}
