// What is written, byte for byte, and that nothing is left of what is not finished.

import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints
@testable import Files

@Suite struct SafetensorsWriterTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func append(_ bytes: [UInt8], to name: String, _ writer: SafetensorsWriter) throws {
        try bytes.withUnsafeBytes { try writer.append($0, to: name) }
    }

    @Test func bytesAreTheReferences() throws {
        let writer = try SafetensorsWriter(
            replacing: directory("m"),
            entries: [
                .init("b", .uint8, shape: [3]), .init("a", .float32, shape: [1, 2]),
                .init("z", .int64, shape: []), .init("a\"é\n", .float32, shape: [0, 4]),
            ],
            metadata: ["k": "v", "format": "pt"]
        )
        try append([7, 8, 9], to: "b", writer)
        try append([1, 0, 0, 0, 2, 0, 0, 0], to: "a", writer)
        try append([3, 0, 0, 0, 0, 0, 0, 0], to: "z", writer)
        try writer.finish()
        // Recorded from the reference implementation (safetensors 0.8.0), whose metadata happened to be
        // sorted.
        let header =
            #"{"__metadata__":{"format":"pt","k":"v"},"z":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
            + #""a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"#
            + #""a\"é\n":{"dtype":"F32","shape":[0,4],"data_offsets":[16,16]},"#
            + #""b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let data: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 7, 8, 9]
        #expect(try Array(Data(contentsOf: directory("m"))) == SafetensorsFixture.file(padded, data: data))
    }

    @Test func piecesInAnyOrder() throws {
        let a = (0..<24).map { UInt8($0) }
        let b = (0..<15).map { UInt8(100 + $0) }
        let writer = try SafetensorsWriter(
            replacing: directory("m"),
            entries: [.init("a", .float16, shape: [4, 3]), .init("b", .int8, shape: [5, 3])]
        )
        try append(Array(b[..<3]), to: "b", writer)
        try append(Array(a[..<6]), to: "a", writer)
        try append([], to: "a", writer)
        try append(Array(b[3...]), to: "b", writer)
        try append(Array(a[6..<18]), to: "a", writer)
        try append(Array(a[18...]), to: "a", writer)
        #expect(try directory.contents().filter { !$0.hasPrefix(".") } == [])
        try writer.finish()
        #expect(try directory.contents() == ["m"])
        let file = try SafetensorsFile(directory("m"))
        #expect(try file.tensor(named: "a").withUnsafeBytes(Array.init) == a)
        #expect(try file.tensor(named: "b").withUnsafeBytes(Array.init) == b)
        #expect(try file.tensor(named: "a").shape == [4, 3])
        #expect(file.names.allSatisfy { (try? file.tensor(named: $0))?.isAligned == true })
    }

    @Test func everyTypeComesBack() throws {
        let entries = SafetensorsDType.allCases.enumerated().map { place, dtype in
            SafetensorsWriter.Entry("t\(place)", dtype, shape: [place + 1, 3])
        }
        let writer = try SafetensorsWriter(replacing: directory("m"), entries: entries)
        for entry in entries {
            let count = entry.shape.reduce(entry.dtype.byteCount, *)
            try append([UInt8](repeating: UInt8(count), count: count), to: entry.name, writer)
        }
        try writer.finish()
        let file = try SafetensorsFile(directory("m"))
        for entry in entries {
            let tensor = try file.tensor(named: entry.name)
            #expect(tensor.dtype == entry.dtype.tensorType && tensor.shape == entry.shape && tensor.isAligned)
            #expect(tensor.withUnsafeBytes { $0.allSatisfy { $0 == UInt8(tensor.byteCount) } })
        }
    }

    @Test func noTensors() throws {
        try SafetensorsWriter(replacing: directory("m"), entries: []).finish()
        #expect(try Array(Data(contentsOf: directory("m"))) == SafetensorsFixture.file("{}      "))
        #expect(try SafetensorsFile(directory("m")).names == [])
    }

    @Test func anIncompleteFileIsNotLeft() throws {
        let writer = try SafetensorsWriter(
            replacing: directory("m"),
            entries: [.init("a", .int32, shape: [2, 3])]
        )
        try append([UInt8](repeating: 1, count: 20), to: "a", writer)
        let error = SafetensorsError(
            file: directory("m").path,
            tensor: "a",
            problem: .incomplete(expected: 24, found: 20)
        )
        #expect(throws: error) { try writer.finish() }
        #expect(
            error.description
                == "\(directory("m").path): tensor \"a\": 20 of its 24 bytes were written when the file was "
                + "finished. Nothing was left on disk; run the command again."
        )
        #expect(try directory.contents() == [])
    }

    @Test func aDroppedWriterLeavesNothing() throws {
        do {
            let writer = try SafetensorsWriter(
                replacing: directory("m"),
                entries: [.init("a", .int32, shape: [2])]
            )
            try append([1, 2, 3, 4], to: "a", writer)
        }
        #expect(try directory.contents() == [])
    }

    @Test func anUnwritablePlace() throws {
        #expect(throws: FileError.self) {
            _ = try SafetensorsWriter(replacing: directory("none/m"), entries: [])
        }
        #expect(throws: FileError.self) { _ = try SafetensorsWriter(replacing: directory.url, entries: []) }
    }

    @Test func misuseTraps() async {
        await #expect(processExitsWith: .failure) {
            let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            let writer = try SafetensorsWriter(replacing: url, entries: [.init("a", .int8, shape: [2])])
            // A trap cleans nothing up.
            TemporaryFiles.removeAll()
            try [1, 2, 3].withUnsafeBytes { try writer.append($0, to: "a") }
        }
        await #expect(processExitsWith: .failure) {
            let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            let entry = SafetensorsWriter.Entry("a", .int8, shape: [2])
            _ = try SafetensorsWriter(replacing: url, entries: [entry, entry])
        }
    }
}
