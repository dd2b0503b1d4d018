// What a header may say, and the exact words for what it may not.

import Foundation
import Testing

@testable import Checkpoints

private typealias Fixture = SafetensorsFixture

private func header(_ bytes: [UInt8]) throws -> SafetensorsHeader {
    try bytes.withUnsafeBytes { try SafetensorsHeader(parsing: $0, file: "m.safetensors") }
}

/// The message without the file's name; nil if the header was accepted.
private func refusal(_ bytes: [UInt8]) -> String? {
    do {
        _ = try header(bytes)
        return nil
    } catch {
        let text = "\(error)"
        #expect(error is SafetensorsError)
        #expect(text.hasPrefix("m.safetensors: "))
        return String(text.dropFirst("m.safetensors: ".count))
    }
}

private let damaged = " The file is damaged or is not a safetensors file: download or save it again."
private let cutShort = " The file is cut short or damaged: download or save it again."

@Suite struct SafetensorsHeaderTests {
    @Test func accepted() throws {
        let text = Fixture.object(
            Fixture.entry("second", "F16", "[2,3]", 8, 20),
            Fixture.entry("scalar", "I64", "[]", 0, 8),
            Fixture.entry("empty", "F32", "[0,5]", 20, 20),
            Fixture.entry("between", "U8", "[7,0]", 8, 8),
            #""__metadata__":{"format":"pt","a":""}"#
        )
        let result = try header(Fixture.file(text + "   ", data: [UInt8](repeating: 1, count: 20)))
        #expect(result.entries.map(\.name) == ["scalar", "between", "second", "empty"])
        #expect(result.entries.map(\.dtype) == [.int64, .uint8, .float16, .float32])
        #expect(result.entries.map(\.shape) == [[], [7, 0], [2, 3], [0, 5]])
        #expect(result.entries.map(\.dataRange) == [0..<8, 8..<8, 8..<20, 20..<20])
        #expect(result.metadata == ["format": "pt", "a": ""])
        #expect(result.dataStart == 8 + text.utf8.count + 3)
    }

    @Test func nothingInIt() throws {
        #expect(try header(Fixture.file("{}")).entries == [])
        #expect(try header(Fixture.file(#"{"__metadata__":null}"#)).metadata == [:])
    }

    @Test(arguments: [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("F8_E8M0", 1), ("F8_E4M3FNUZ", 1),
        ("F8_E5M2FNUZ", 1), ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2), ("I32", 4), ("U32", 4),
        ("F32", 4),
        ("C64", 8), ("F64", 8), ("I64", 8), ("U64", 8),
    ])
    func sizes(dtype: String, size: Int) {
        func file(_ count: Int) -> [UInt8] {
            Fixture.file(
                Fixture.object(Fixture.entry("t", dtype, "[3]", 0, count)),
                data: [UInt8](repeating: 0, count: count)
            )
        }
        #expect(refusal(file(3 * size)) == nil)
        #expect(refusal(file(3 * size + 1)) != nil)
    }

    @Test func typesOfLessThanAByte() {
        func file(_ dtype: String, _ elements: Int, _ count: Int) -> [UInt8] {
            Fixture.file(
                Fixture.object(Fixture.entry("t", dtype, "[\(elements)]", 0, count)),
                data: [UInt8](repeating: 0, count: count)
            )
        }
        #expect(refusal(file("F4", 6, 3)) == nil)
        #expect(refusal(file("F6_E2M3", 4, 3)) == nil)
        #expect(refusal(file("F6_E3M2", 4, 3)) == nil)
        #expect(
            refusal(file("F4", 3, 1))
                == "tensor \"t\": shape [3] of F4 does not fill whole bytes." + damaged
        )
    }

    @Test func lengths() {
        #expect(
            refusal([])
                == "it has 0 bytes, and a safetensors file starts with the 8 bytes of its header's length."
                + damaged
        )
        #expect(
            refusal([1, 2, 3])
                == "it has 3 bytes, and a safetensors file starts with the 8 bytes of its header's length."
                + damaged
        )
        #expect(
            refusal(Fixture.file(length: 0))
                == "its header starts with nothing (it is empty), and a JSON object ('{') is expected."
                + damaged
        )
        #expect(
            refusal(Fixture.file(length: 1 << 63, rest: "{}"))
                == "its header claims 9223372036854775808 bytes, and at most 100000000 are allowed." + damaged
        )
        #expect(
            refusal(Fixture.file(length: .max, rest: "{}"))
                == "its header claims 18446744073709551615 bytes, and at most 100000000 are allowed."
                + damaged
        )
        #expect(
            refusal(Fixture.file(length: 100_000_000, rest: "{}"))
                == "its header claims 100000000 bytes, and the file has 10 in all." + cutShort
        )
        #expect(
            refusal(Fixture.file(length: 3, rest: "{}"))
                == "its header claims 3 bytes, and the file has 10 in all." + cutShort
        )
        #expect(
            refusal(Array("version https://git-lfs.github.com/spec/v1\noid sha256:12".utf8))
                == "it is a Git LFS pointer, the stand-in for a file that has not been fetched. Run `git lfs pull` "
                + "in its directory, or download the file itself."
        )
    }

    @Test(arguments: [
        (" {}", "its header starts with byte 0x20, and a JSON object ('{') is expected."),
        ("[]", "its header starts with byte 0x5b, and a JSON object ('{') is expected."),
        (
            "{",
            "its header is not usable JSON, at byte 1 of it: expected a field name in quotes, found the end of the text."
        ),
        ("{}x", "its header is not usable JSON, at byte 2 of it: expected the end, found 'x'."),
        (#"{"a":1,"a":2}"#, "its header is not usable JSON, at byte 7 of it: the name \"a\" is there twice."),
        (
            #"{"__metadata__":{"k":"1","k":"1"}}"#,
            "its header is not usable JSON, at byte 25 of it: the name \"k\" is there twice."
        ),
        (#"{"__metadata__":[]}"#, "__metadata__: expected an object of strings, found an array of 0 values."),
        (#"{"__metadata__":{"k":1}}"#, "__metadata__.k: expected a string, found 1."),
        (#"{"t":3}"#, "tensor \"t\": description: expected an object, found 3."),
        (#"{"t":{}}"#, "tensor \"t\": dtype: expected a string, found no such field."),
        (#"{"t":{"dtype":7}}"#, "tensor \"t\": dtype: expected a string, found 7."),
        (
            #"{"t":{"dtype":"f32"}}"#,
            "tensor \"t\": dtype: expected a type of the safetensors format, found \"f32\"."
        ),
        (
            #"{"t":{"dtype":"F32"}}"#,
            "tensor \"t\": shape: expected an array of whole numbers of at least 0, found no such field."
        ),
        (
            #"{"t":{"dtype":"F32","shape":"[1]"}}"#,
            "tensor \"t\": shape: expected an array of whole numbers of at least 0, found \"[1]\"."
        ),
        (
            #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
            "tensor \"t\": data_offsets: expected an array of two whole numbers of at least 0, found an array of 1 value."
        ),
    ])
    func headers(text: String, expected: String) {
        #expect(refusal(Fixture.file(text)) == expected + damaged)
    }

    @Test(arguments: ["-1", "-0", "1.0", "1e2", "9223372036854775808", "\"1\"", "null", "true", "[1]"])
    func thingsThatAreNoCounts(text: String) {
        let shape = Fixture.file(
            Fixture.object(Fixture.entry("t", "F32", "[2,\(text)]", 0, 8)),
            data: [UInt8](repeating: 0, count: 8)
        )
        #expect(
            refusal(shape)?.hasPrefix("tensor \"t\": shape[1]: expected a whole number of at least 0, found ")
                == true
        )
        let offsets = Fixture.file(
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[\(text),8]}}",
            data: [UInt8](repeating: 0, count: 8)
        )
        #expect(
            refusal(offsets)?.hasPrefix(
                "tensor \"t\": data_offsets[0]: expected a whole number of at least 0, found "
            ) == true
        )
    }

    @Test func headerThatIsNotUTF8() {
        let bytes = Fixture.file(header: Array("{\"a".utf8) + [0xff] + Array("\":1}".utf8))
        #expect(
            refusal(bytes) == "its header is not usable JSON, at byte 2 of it: a string that is not UTF-8."
                + damaged
        )
    }

    @Test func nestingBomb() {
        let bomb = "{\"t\":" + String(repeating: "[", count: 1_000_000)
        #expect(
            refusal(Fixture.file(bomb))
                == "its header is not usable JSON, at byte 68 of it: nested more than 64 deep, which no file of this kind is."
                + damaged
        )
    }

    /// `dataSize` bytes of data after one or two entries.
    private func places(_ entries: (String, Int, Int)..., dataSize: Int) -> String? {
        let fields = entries.map { Fixture.entry($0.0, "U8", "[\(max(0, $0.2 - $0.1))]", $0.1, $0.2) }
        return refusal(
            Fixture.file("{\(fields.joined(separator: ","))}", data: [UInt8](repeating: 0, count: dataSize))
        )
    }

    @Test func offsets() {
        #expect(places(("a", 0, 4), ("b", 4, 9), dataSize: 9) == nil)
        #expect(places(("b", 4, 9), ("a", 0, 4), dataSize: 9) == nil)
        #expect(
            places(("a", 0, 4), ("b", 4, 9), dataSize: 8)
                == "tensor \"b\": data_offsets [4, 9] go beyond the 8 bytes of data that the file has."
                + cutShort
        )
        #expect(
            places(("a", 5, 4), dataSize: 9)
                == "tensor \"a\": data_offsets [5, 4] end before they begin." + damaged
        )
        #expect(
            places(("a", 0, 5), ("b", 4, 9), dataSize: 9)
                == "tensor \"b\": its data begin at 4, before those of tensor \"a\" end at 5." + damaged
        )
        #expect(
            places(("a", 0, 4), ("b", 0, 4), dataSize: 4)
                == "tensor \"b\": its data begin at 0, before those of tensor \"a\" end at 4." + damaged
        )
        #expect(
            places(("a", 0, 9), ("b", 3, 3), dataSize: 9)
                == "tensor \"b\": its data begin at 3, before those of tensor \"a\" end at 9." + damaged
        )
        #expect(
            places(("a", 0, 4), ("b", 5, 9), dataSize: 9)
                == "the bytes from 4 to 5 of the data belong to no tensor, which the format forbids."
                + damaged
        )
        #expect(
            places(("a", 2, 9), dataSize: 9)
                == "the bytes from 0 to 2 of the data belong to no tensor, which the format forbids."
                + damaged
        )
        #expect(
            places(("a", 0, 4), dataSize: 9)
                == "the bytes from 4 to 9 of the data belong to no tensor, which the format forbids."
                + damaged
        )
        #expect(
            refusal(Fixture.file("{}", data: [0]))
                == "the bytes from 0 to 1 of the data belong to no tensor, which the format forbids."
                + damaged
        )
        #expect(places(("a", 0, Int.max), dataSize: 9)?.contains("go beyond the 9 bytes") == true)
        #expect(places(("a", Int.max, Int.max), dataSize: 9)?.contains("go beyond the 9 bytes") == true)
    }

    @Test func shapes() {
        func shape(_ shape: String, _ dtype: String, _ size: Int) -> String? {
            refusal(
                Fixture.file(
                    Fixture.object(Fixture.entry("t", dtype, shape, 0, size)),
                    data: [UInt8](repeating: 0, count: size)
                )
            )
        }
        #expect(shape("[3,2]", "F32", 24) == nil)
        #expect(
            shape("[3,2]", "F32", 12)
                == "tensor \"t\": data_offsets hold 12 bytes, and shape [3, 2] of F32 needs 24." + damaged
        )
        #expect(
            shape("[4294967296,4294967296]", "U8", 0)
                == "tensor \"t\": shape [4294967296, 4294967296] of U8 has more bytes than can be counted."
                + damaged
        )
        // 2^62 elements are counted, their bytes are not.
        #expect(shape("[4611686018427387904]", "F64", 0)?.contains("more bytes than can be counted") == true)
        // Products that wrap round to the right size.
        #expect(
            shape("[9223372036854775807,2,2]", "F32", 0)?.contains("more bytes than can be counted") == true
        )
        #expect(shape("[4294967296,4294967297]", "U8", 0)?.contains("more bytes than can be counted") == true)
        // As the reference: multiplied from the left.
        #expect(shape("[0,9223372036854775807]", "F32", 0) == nil)
        #expect(
            shape("[9223372036854775807,9,0]", "F32", 0)?.contains("more bytes than can be counted") == true
        )
        let long = "[" + Array(repeating: "1", count: 40).joined(separator: ",") + "]"
        #expect(
            shape(long, "U8", 2)?.contains("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, … 40 in all]")
                == true
        )
    }

    @Test func namesAreTamedInMessages() {
        let text = Fixture.object(Fixture.entry("\\u001b[2J\\n", "F32", "[1]", 0, 3))
        #expect(
            refusal(Fixture.file(text, data: [1, 2, 3]))
                == #"tensor "\u{1B}[2J\n": data_offsets hold 3 bytes, and shape [1] of F32 needs 4."#
                + damaged
        )
    }

    @Test func unknownFieldsArePassedOver() {
        let text = #"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"note":{"x":[1.5]}}}"#
        #expect(refusal(Fixture.file(text, data: [1, 2])) == nil)
    }
}
