// The grammar: what is read, what is refused, where, and in what words.

import Foundation
import Testing

@testable import Checkpoints

private func parse(_ text: String, limits: JSONScanner.Limits = .init()) throws -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
}

private func parse(_ bytes: [UInt8], limits: JSONScanner.Limits = .init()) throws -> JSONValue {
    try bytes.withUnsafeBytes { try JSONScanner.parse($0, source: "f.json", limits: limits) }
}

/// Offset and problem of the refusal.
private func refusal(_ bytes: [UInt8], limits: JSONScanner.Limits = .init()) -> String? {
    do {
        _ = try parse(bytes, limits: limits)
        return nil
    } catch {
        guard case .syntax(_, _, _, let offset, let problem)? = error as? JSONError else { return "\(error)" }
        return "\(offset): \(problem)"
    }
}

@Suite struct JSONScannerTests {
    @Test func values() throws {
        #expect(try parse("null") == .null)
        #expect(try parse(" true\t") == .bool(true))
        #expect(try parse("\r\nfalse\n") == .bool(false))
        #expect(try parse("[]") == .array([]))
        #expect(
            try parse("[ 1 , [ ] , \"a\" ]")
                == .array([.number(JSONNumber(text: "1")), .array([]), .string("a")])
        )
        guard case .object(let object) = try parse(#"{"z": 1, "a": {"b": null}, "": []}"#) else {
            Issue.record("not an object")
            return
        }
        #expect(object.names == ["z", "a", ""])
        #expect(object["z"] == .number(JSONNumber(text: "1")))
        #expect(object[""] == .array([]))
        #expect(object["b"] == nil)
    }

    @Test(
        arguments: [
            ("0", 0, 0.0), ("-0", 0, -0.0), ("17", 17, 17), ("-3", -3, -3), ("1.5", nil, 1.5),
            ("1e3", nil, 1000),
            ("12.50E-1", nil, 1.25), ("1E+2", nil, 100), ("9223372036854775807", Int.max, 0x1p63),
            ("9223372036854775808", nil, 0x1p63), ("1e999", nil, .infinity), ("-1e-999", nil, 0),
        ] as [(String, Int?, Double)]
    )
    func numbers(text: String, int: Int?, double: Double) throws {
        guard case .number(let number) = try parse(text) else {
            Issue.record("not a number")
            return
        }
        #expect(number.text == text)
        #expect(number.int == int)
        #expect(number.double == double)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain é 漢 😀""#, "plain é 漢 😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""a\u0041\u00e9\u6F22z""#, "aAé漢z"), (#""\ud83d\ude00!""#, "😀!"), (#""\u0000""#, "\u{0}"),
        (#""é\n漢""#, "é\n漢"), ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
        (#""\uFFFF\uDBFF\uDFFF""#, "\u{ffff}\u{10ffff}"),
    ])
    func strings(text: String, string: String) throws {
        #expect(try parse(text) == .string(string))
    }

    @Test(arguments: [
        ("", "0: expected a value, found the end of the text"),
        ("  ", "2: expected a value, found the end of the text"),
        ("nul", "0: expected a value, found 'n'"),
        ("truth", "0: expected a value, found 't'"),
        ("nullx", "4: expected the end, found 'x'"),
        ("{} {}", "3: expected the end, found '{'"),
        ("'a'", "0: expected a value, found '''"),
        ("\u{feff}{}", "0: expected a value, found byte 0xef"),
        ("[1,]", "3: expected a value, found ']'"),
        ("[1 2]", "3: expected ',' or ']' in an array, found '2'"),
        ("[1", "2: expected ',' or ']' in an array, found the end of the text"),
        ("{1:2}", "1: expected a field name in quotes, found '1'"),
        ("{\"a\" 2}", "5: expected ':' after a field name, found '2'"),
        ("{\"a\":2 \"b\"}", "7: expected ',' or '}' in an object, found '\"'"),
        ("{\"a\":1,}", "7: expected a field name in quotes, found '}'"),
        ("[01]", "1: a number with a leading zero"),
        ("-", "1: expected a digit, found the end of the text"),
        ("+1", "0: expected a value, found '+'"),
        (".5", "0: expected a value, found '.'"),
        ("1.", "2: expected a digit after '.', found the end of the text"),
        ("1e+", "3: expected a digit in an exponent, found the end of the text"),
        ("0x10", "1: expected the end, found 'x'"),
        ("NaN", "0: expected a value, found 'N'"),
        ("-Infinity", "1: expected a digit, found 'I'"),
        ("\"abc", "0: a string without end"),
        ("\"abc\\", "5: expected an escape, found the end of the text"),
        ("\"a\nb\"", "2: a control character in a string (byte 0x0a), which must be written as an escape"),
        ("\"\\q\"", "2: an unknown escape, '\\' before 'q'"),
        ("\"\\u12g4\"", "5: expected four hexadecimal digits after \\u, found 'g'"),
        ("\"\\u12\"", "5: expected four hexadecimal digits after \\u, found '\"'"),
        ("\"x\\ud83d\"", "2: half of a surrogate pair"),
        ("\"\\ude00\"", "1: half of a surrogate pair"),
        ("\"\\ud83d\\u0041\"", "1: half of a surrogate pair"),
        ("{\"a\":1,\"b\":2,\"a\":3}", "13: the name \"a\" is there twice"),
        ("{\"a\":1,\"\\u0061\":3}", "7: the name \"a\" is there twice"),
        ("[{\"x\":{\"a\":1,\"a\":1}}]", "13: the name \"a\" is there twice"),
    ])
    func refusals(text: String, expected: String) {
        #expect(refusal(Array(text.utf8)) == expected)
    }

    @Test(
        arguments: [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
        ] as [[UInt8]]
    )
    func stringsThatAreNotUTF8(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(refusal([quote] + bytes + [quote]) == "1: a string that is not UTF-8")
        #expect(refusal([quote] + bytes + Array("\\n".utf8) + [quote]) == "1: a string that is not UTF-8")
    }

    @Test func everyTruncationIsRefused() throws {
        let text = Array(#"{"a":[1.5e-3,true,null,"\u00e9\n"],"b":{"c":-2}}"#.utf8)
        #expect(refusal(text) == nil)
        for count in 0..<text.count { #expect(refusal(Array(text[..<count])) != nil) }
    }

    @Test func duplicatesAmongManyFields() throws {
        let fields = (0..<100).map { "\"n\($0)\":\($0)" }
        guard case .object(let object) = try parse("{\(fields.joined(separator: ","))}") else {
            Issue.record("not an object")
            return
        }
        #expect(object.count == 100)
        for number in 0..<100 { #expect(object["n\(number)"] == .number(JSONNumber(text: "\(number)"))) }
        for twice in [0, 8, 9, 50, 99] {
            let text = "{\(fields.joined(separator: ",")),\"n\(twice)\":0}"
            #expect(refusal(Array(text.utf8))?.hasSuffix("the name \"n\(twice)\" is there twice") == true)
        }
    }

    @Test func namesAreComparedByteForByte() throws {
        // One letter é, composed and decomposed: equal for Swift, two names in JSON.
        guard case .object(let object) = try parse(#"{"\u00e9":1,"e\u0301":2}"#) else {
            Issue.record("not an object")
            return
        }
        #expect(object.count == 2)
        #expect(object["\u{e9}"] == .number(JSONNumber(text: "1")))
        #expect(object["e\u{301}"] == .number(JSONNumber(text: "2")))
    }

    @Test func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65)) == "64: nested more than 64 deep, which no file of this kind is")
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 2_000_000)
        #expect(refusal(bomb) == "64: nested more than 64 deep, which no file of this kind is")
        let objects = Array(String(repeating: "{\"a\":", count: 100_000).utf8)
        #expect(refusal(objects) == "320: nested more than 64 deep, which no file of this kind is")
    }

    @Test func numberOfValues() throws {
        var limits = JSONScanner.Limits()
        limits.values = 4
        #expect(refusal(Array("[1,2,3]".utf8), limits: limits) == nil)
        #expect(
            refusal(Array("[1,2,3,4]".utf8), limits: limits)
                == "7: more than 4 values, which no file of this kind has"
        )
    }

    @Test func lengthOfTexts() throws {
        var limits = JSONScanner.Limits()
        limits.text = 6
        for text in [#""abcdef""#, "123456", #""a\u0062""#.replacing("a", with: "")] {
            #expect(refusal(Array(text.utf8), limits: limits) == nil)
        }
        let expected = "a text of more than 6 bytes, which no file of this kind has"
        #expect(refusal(Array(#""abcdefg""#.utf8), limits: limits) == "1: " + expected)
        #expect(refusal(Array(#""a\u0062""#.utf8), limits: limits) == "1: " + expected)
        #expect(refusal(Array("1.23456".utf8), limits: limits) == "0: " + expected)
    }

    @Test func numbersThatPythonWrites() throws {
        var limits = JSONScanner.Limits()
        limits.acceptsNonFinite = true
        guard case .array(let values) = try parse("[NaN, Infinity, -Infinity, -1]", limits: limits) else {
            Issue.record("not an array")
            return
        }
        let doubles = values.map { if case .number(let number) = $0 { number.double } else { 0.0 } }
        #expect(doubles[0].isNaN)
        #expect(Array(doubles[1...]) == [.infinity, -.infinity, -1])
        #expect(refusal(Array("-NaN".utf8), limits: limits) == "1: expected a digit, found 'N'")
    }

    @Test func messagesCountLinesAndColumns() throws {
        #expect(
            throws: JSONError.syntax(
                source: "f.json",
                line: 3,
                column: 8,
                offset: 21,
                problem: "expected a value, found '}'"
            )
        ) { _ = try parse("{\n  \"abc\": 1,\n  \"d\": }") }
        let error = JSONError.syntax(source: "f.json", line: 3, column: 8, offset: 21, problem: "bad")
        #expect(
            error.description
                == "f.json: line 3, column 8: bad. The file is damaged or is not JSON: correct it, or download or "
                + "write it again."
        )
    }

    @Test func randomTextsNeverCrash() {
        var random = SplitMix(seed: 3)
        let alphabet = Array(#"{}[]",:\u0123e+-.tfnrulsaé "#.utf8) + [0, 0xff, 0x0a]
        var read = 0
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if refusal(bytes) == nil { read += 1 }
        }
        #expect(read > 0 && read < 500)
    }
}
