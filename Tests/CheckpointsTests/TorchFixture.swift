// Files of torch.save, put together by hand: opcodes of pickles, records of archives, and what can be wrong in them.

import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

/// Where the recorded files are.
func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
}

/// The text of the error that `body` throws, with the directory's path taken out; nil if it throws none.
func message(in directory: TestDirectory, _ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)".replacing(directory.url.path + "/", with: "").replacing(
            directory.url.path,
            with: "DIR"
        )
    }
}

/// Loads every tensor of `expected` from `store` and compares bits.
func expectTensors(of store: any WeightStore, against expected: URL) throws {
    let reference = try SafetensorsFile(expected.appending(path: "expected.safetensors"))
    #expect(!reference.names.isEmpty)
    for name in reference.names {
        let stored = try reference.tensor(named: name)
        let bytes = stored.withUnsafeBytes(Array.init)
        try bytes.withUnsafeBytes { bytes in
            try Tensor.withView(of: bytes, shape: stored.shape, dtype: stored.dtype) { wanted in
                for dtype in [stored.dtype, .float32] {
                    let found = try store.load(
                        name,
                        shape: stored.shape,
                        dtype: dtype,
                        device: .cpu,
                        arrange: { $0 }
                    )
                    #expect(found.isEqual(to: wanted.to(dtype)), "\(name) in \(dtype)")
                    #expect(found.isContiguous)
                }
            }
        }
    }
}

/// Little-endian bytes.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// Opcodes, as bytes.
enum Opcodes {
    static let none: [UInt8] = Array("N".utf8)

    static func pickle(_ parts: [UInt8]...) -> [UInt8] {
        [0x80, 2] + parts.flatMap(\.self) + Array(".".utf8)
    }

    static func text(_ text: String) -> [UInt8] {
        Array("X".utf8) + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8)
    }

    static func int(_ value: Int) -> [UInt8] { [0x8a, 8] + littleEndian(Int64(value)) }

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    static func tuple(_ parts: [UInt8]...) -> [UInt8] {
        Array("(".utf8) + parts.flatMap(\.self) + Array("t".utf8)
    }

    static func ints(_ values: [Int]) -> [UInt8] {
        Array("(".utf8) + values.flatMap { int($0) } + Array("t".utf8)
    }

    static func call(_ function: [UInt8], _ arguments: [UInt8]) -> [UInt8] {
        function + arguments + Array("R".utf8)
    }

    static func dictionary(_ pairs: (String, [UInt8])...) -> [UInt8] {
        Array("}(".utf8) + pairs.flatMap { text($0.0) + $0.1 } + Array("u".utf8)
    }

    /// A float32 tensor, or what is made to look like one.
    static func tensor(
        key: String = "0",
        count: Int = 4,
        type: String = "FloatStorage",
        offset: Int = 0,
        size: [Int] = [4],
        stride: [Int] = [1],
        metadata: [UInt8] = []
    ) -> [UInt8] {
        let storage =
            tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(count))
            + Array("Q".utf8)
        let hooks = call(global("collections", "OrderedDict"), Array(")".utf8))
        return call(
            global("torch._utils", "_rebuild_tensor_v2"),
            tuple(storage, int(offset), ints(size), ints(stride), [0x89], hooks, metadata)
        )
    }
}

/// A zip archive and the lies that are told about it.
struct Archive {
    struct Record {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var size: UInt32?
        var unpacked: UInt32?
        var start: UInt32?
        var extra: [UInt8] = []
        var ownName: String?
    }

    var records: [Record] = []
    var count: UInt16?
    var directoryStart: UInt32?
    var directorySize: UInt32?
    var comment: [UInt8] = []
    /// count, size, start
    var zip64: (UInt64, UInt64, UInt64)?
    var zip64Locator: UInt64?

    /// An archive as torch.save writes it: a pickle and storages.
    init(pickle: [UInt8], storages: [[UInt8]] = [floats([1, 2, 3, 4])]) {
        records = [
            Record(name: "a/data.pkl", data: pickle), Record(name: "a/byteorder", data: Array("little".utf8)),
        ]
        for (key, data) in storages.enumerated() { records.append(Record(name: "a/data/\(key)", data: data)) }
        records.append(Record(name: "a/version", data: Array("3\n".utf8)))
    }

    static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for record in records {
            let start = UInt32(file.count)
            let size = UInt32(record.data.count)
            let name = Array(record.name.utf8)
            let ownName = Array((record.ownName ?? record.name).utf8)
            let kind = le(UInt16(20)) + le(record.flags) + le(record.method) + le(UInt32(0)) + le(UInt32(0))
            let sizes = le(record.size ?? size) + le(record.unpacked ?? size)
            file +=
                le(UInt32(0x0403_4b50)) + kind + sizes + le(UInt16(ownName.count)) + le(UInt16(0)) + ownName
            file += record.data
            directory += le(UInt32(0x0201_4b50)) + le(UInt16(20)) + kind + sizes + le(UInt16(name.count))
            directory += le(UInt16(record.extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += le(record.start ?? start) + name + record.extra
        }
        let start = UInt32(file.count)
        file += directory
        if let zip64 {
            let place = UInt64(file.count)
            file +=
                le(UInt32(0x0606_4b50)) + le(UInt64(44)) + le(UInt32(0x2d_002d))
                + [UInt8](repeating: 0, count: 8)
            file += le(zip64.0) + le(zip64.0) + le(zip64.1) + le(zip64.2)
            file += le(UInt32(0x0706_4b50)) + le(UInt32(0)) + le(zip64Locator ?? place) + le(UInt32(1))
        }
        let count = self.count ?? UInt16(records.count)
        file += le(UInt32(0x0605_4b50)) + le(UInt32(0)) + le(count) + le(count)
        file += le(directorySize ?? UInt32(directory.count)) + le(directoryStart ?? start)
        return file + le(UInt16(comment.count)) + comment
    }

    private func le(_ value: some FixedWidthInteger) -> [UInt8] { littleEndian(value) }
}
