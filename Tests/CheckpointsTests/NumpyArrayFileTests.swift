// The header word for word, the data byte for byte.

import Foundation
import TestSupport
import Testing

@testable import Checkpoints
@testable import Files

@Suite struct NumpyArrayFileTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    /// Header text without padding, and the data.
    private func parts(_ name: String) throws -> (header: String, data: [UInt8]) {
        let bytes = try Array(Data(contentsOf: directory(name)))
        #expect(Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
        let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        #expect(end % 64 == 0)
        let text = String(decoding: bytes[10..<end], as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return (text.trimmingCharacters(in: .whitespacesAndNewlines), Array(bytes[end...]))
    }

    @Test func values() throws {
        try NumpyArrayFile.write([1, -2, 0.5, 4, 5, 6] as [Float], shape: [3, 2], to: directory("f"))
        let floats = try parts("f")
        #expect(floats.header == "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }")
        #expect(Array(floats.data[..<12]) == [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f])
        #expect(floats.data.count == 24)

        try NumpyArrayFile.write([-2] as [Int64], shape: [], to: directory("i"))
        let scalar = try parts("i")
        #expect(scalar.header == "{'descr': '<i8', 'fortran_order': False, 'shape': (), }")
        #expect(scalar.data == [0xfe] + [UInt8](repeating: 0xff, count: 7))

        try NumpyArrayFile.write([true, false, true], shape: [3], to: directory("b"))
        let bools = try parts("b")
        #expect(bools.header == "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }")
        #expect(bools.data == [1, 0, 1])

        try NumpyArrayFile.write([] as [Double], shape: [0, 4], to: directory("d"))
        #expect(try parts("d").header == "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4), }")
        try NumpyArrayFile.write([258] as [Int32], shape: [1, 1], to: directory("j"))
        #expect(try parts("j").data == [2, 1, 0, 0])
    }

    @Test func rows() throws {
        let file = try NumpyArrayFile(replacing: directory("h"), element: .float16, shape: [3, 2])
        for row in 0..<3 as Range<UInt8> {
            try [row, 1, row, 2].withUnsafeBytes { try file.append($0) }
        }
        #expect(try directory.contents().filter { !$0.hasPrefix(".") } == [])
        try file.finish()
        #expect(try directory.contents() == ["h"])
        #expect(try parts("h").data == [0, 1, 0, 2, 1, 1, 1, 2, 2, 1, 2, 2])
    }

    @Test func headersOfEveryLengthAreAligned() throws {
        for axes in 0...64 {
            try NumpyArrayFile.write([1.5], shape: [Int](repeating: 1, count: axes), to: directory("d"))
            #expect(try parts("d").data.count == 8)
        }
    }

    @Test func aDroppedFileLeavesNothing() throws {
        do {
            let file = try NumpyArrayFile(replacing: directory("h"), element: .int32, shape: [2])
            try [1, 2, 3, 4 as UInt8].withUnsafeBytes { try file.append($0) }
        }
        #expect(try directory.contents() == [])
    }
}
