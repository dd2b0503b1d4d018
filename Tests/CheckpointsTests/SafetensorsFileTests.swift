// Opening files and reading tensors; what cannot be opened.

import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints
@testable import Files

private typealias Fixture = SafetensorsFixture

@Suite struct SafetensorsFileTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test func tensors() throws {
        let text = Fixture.object(
            Fixture.entry("b", "U8", "[2]", 6, 8),
            Fixture.entry("a", "BF16", "[3,1]", 0, 6),
            #""__metadata__":{"format":"pt"}"#
        )
        let file = try SafetensorsFile(
            directory.write("m", Fixture.file(text, data: [1, 2, 3, 4, 5, 6, 7, 8]))
        )
        #expect(file.names == ["a", "b"])
        #expect(file.metadata == ["format": "pt"])
        #expect(file.contains("a") && !file.contains("c"))
        let a = try file.tensor(named: "a")
        #expect(a.dtype == .bfloat16 && a.shape == [3, 1] && a.byteCount == 6)
        #expect(a.withUnsafeBytes(Array.init) == [1, 2, 3, 4, 5, 6])
        #expect(a.isAligned == ((8 + text.utf8.count) % 2 == 0))
        let b = try file.tensor(named: "b")
        b.release()
        #expect(b.withUnsafeBytes(Array.init) == [7, 8])
        #expect(b.isAligned)
    }

    @Test func piecesTakeLittleMemoryAndLoseNothing() throws {
        let count = 50_001
        let data = (0..<2 * count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
        let text = Fixture.object(Fixture.entry("a", "F16", "[\(count)]", 0, 2 * count))
        let tensor = try SafetensorsFile(directory.write("m", Fixture.file(text, data: data))).tensor(
            named: "a"
        )
        for size in [1000, 4098, 16_384, 1 << 20] {
            var read: [UInt8] = []
            tensor.forEachPiece(of: size) { bytes, offset in
                #expect(offset == read.count && bytes.count <= size)
                read += bytes
            }
            #expect(read == data)
        }
    }

    @Test func aTensorKeepsItsFile() throws {
        let url = try directory.write(
            "m",
            Fixture.file(Fixture.object(Fixture.entry("a", "U8", "[3]", 0, 3)), data: [4, 5, 6])
        )
        let tensor = try SafetensorsFile(url).tensor(named: "a")
        #expect(tensor.withUnsafeBytes(Array.init) == [4, 5, 6])
    }

    @Test func tensorsThatCannotBeHad() throws {
        let text = Fixture.object(
            Fixture.entry("old", "F8_E4M3", "[2]", 0, 2),
            Fixture.entry("wte", "U8", "[2]", 2, 4)
        )
        let url = try directory.write("m", Fixture.file(text, data: [1, 2, 3, 4]))
        let file = try SafetensorsFile(url)
        func message(_ name: String) -> String? {
            do {
                _ = try file.tensor(named: name)
                return nil
            } catch { return "\(error)" }
        }
        #expect(message("wte") == nil)
        #expect(
            message("wpe")
                == "\(url.path): tensor \"wpe\": there is no such tensor among the 2 in the file, such as \"old\", "
                + "\"wte\". Check that the file belongs to this model and configuration."
        )
        #expect(
            message("old")
                == "\(url.path): tensor \"old\": its type F8_E4M3 is not supported; F64, F32, F16, BF16, I64, I32, "
                + "I16, I8, U8, BOOL are. Convert the tensor to one of them first."
        )
    }

    @Test func filesThatAreNone() throws {
        #expect(symlink("b", directory("a").path) == 0)
        #expect(symlink("a", directory("b").path) == 0)
        for url in [directory("none"), directory.url, directory("a")] {
            #expect(throws: FileError.self) { _ = try SafetensorsFile(url) }
        }
        let empty = try directory.write("empty", [])
        #expect(throws: SafetensorsError(file: empty.path, problem: .noHeaderLength(size: 0))) {
            _ = try SafetensorsFile(empty)
        }
    }

    @Test func aHeaderOf100MegabytesInAFileOfHoles() throws {
        let url = try directory.write("m", Fixture.file(length: 99_999_992, rest: "{"))
        #expect(truncate(url.path, 100_000_000) == 0)
        // Nothing is read beyond the first byte that does not fit.
        #expect(
            throws: SafetensorsError(
                file: url.path,
                problem: .headerNotJSON(
                    offset: 1,
                    problem: "expected a field name in quotes, found byte 0x00"
                )
            )
        ) { _ = try SafetensorsFile(url) }
    }

    @Test func everyTruncationIsRefused() throws {
        let text = Fixture.object(
            Fixture.entry("a", "U8", "[3]", 0, 3),
            Fixture.entry("b", "U8", "[2]", 3, 5)
        )
        let bytes = Fixture.file(text, data: [1, 2, 3, 4, 5])
        for count in 0..<bytes.count {
            let url = try directory.write("m", bytes[..<count])
            #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(url) }
        }
    }
}
