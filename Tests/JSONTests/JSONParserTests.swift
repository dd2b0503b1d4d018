// The grammar: what is read, what is refused, where, and in what words.

import Foundation
import TestSupport
import Testing

@testable import JSON

private func parse(_ text: String, limits: JSONLimits = .init()) throws -> JSONField {
    try JSONField(parsing: Array(text.utf8), source: "f.json", limits: limits)
}

/// Offset and problem of the refusal.
private func refusal(_ bytes: [UInt8], limits: JSONLimits = .init()) -> String? {
    do {
        _ = try JSONField(parsing: bytes, source: "f.json", limits: limits)
        return nil
    } catch {
        guard case .syntax(_, _, _, let offset, let problem) = error else { return "\(error)" }
        return "\(offset): \(problem)"
    }
}

/// The document written again, without spaces and escapes, numbers as they were.
private func rewritten(_ field: JSONField) throws -> String {
    switch field.kind {
    case .string: return JSONText.string(try field.string())
    case .array: return "[" + (try field.elements().map(rewritten)).joined(separator: ",") + "]"
    case .object:
        let fields = try field.fields().map { JSONText.string($0.name) + ":" + (try rewritten($0.field)) }
        return "{" + fields.joined(separator: ",") + "}"
    default: return field.summary
    }
}

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", "null"), (" true\t", "true"), ("\r\nfalse\n", "false"), ("[]", "[]"), ("[ ]", "[]"),
        ("{ }", "{}"), ("[ 1 , [ ] , \"a\" ]", #"[1,[],"a"]"#),
        (#"{"z": 1, "a": {"b": null}, "": []}"#, #"{"z":1,"a":{"b":null},"":[]}"#),
        (#"[[[1, {"a": [2, {}]}], "\u0062"], -3.5e2]"#, #"[[[1,{"a":[2,{}]}],"b"],-3.5e2]"#),
    ])
    func values(text: String, expected: String) throws {
        #expect(try rewritten(parse(text)) == expected)
    }

    @Test(
        arguments: [
            ("0", 0, 0.0), ("-0", 0, -0.0), ("17", 17, 17), ("-3", -3, -3), ("1.5", nil, 1.5),
            ("1e3", nil, 1000),
            ("12.50E-1", nil, 1.25), ("1E+2", nil, 100), ("9223372036854775807", Int.max, 0x1p63),
            ("9223372036854775808", nil, 0x1p63), ("1e999", nil, .infinity), ("-1e-999", nil, -0.0),
            ("-9223372036854775808", Int.min, -0x1p63),
            ("-9223372036854775809", nil, -0x1p63), ("99999999999999999999", nil, 1e20),
        ] as [(String, Int?, Double)]
    )
    func numbers(text: String, int: Int?, double: Double) throws {
        let number = try parse(text)
        #expect(number.kind == .number)
        #expect(number.summary == text)
        #expect((try? number.int()) == int)
        let found = try? number.double()
        #expect(found == (double.isFinite ? double : nil))
        #expect(found?.sign == (double.isFinite ? double.sign : nil))
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain é 漢 😀""#, "plain é 漢 😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""a\u0041\u00e9\u6F22z""#, "aAé漢z"), (#""\ud83d\ude00!""#, "😀!"), (#""\u0000""#, "\u{0}"),
        (#""é\n漢""#, "é\n漢"), ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
        (#""\uFFFF\uDBFF\uDFFF""#, "\u{ffff}\u{10ffff}"),
    ])
    func strings(text: String, string: String) throws {
        let field = try parse(text)
        #expect(field.kind == .string)
        #expect(Array(try field.string().utf8) == Array(string.utf8))
        try field.withUTF8 { #expect(Array($0) == Array(string.utf8)) }
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
        let object = try parse("{\(fields.joined(separator: ","))}")
        #expect(try object.fieldCount() == 100)
        for number in 0..<100 { #expect(try object.require("n\(number)").int() == number) }
        #expect(try object["n100"] == nil)
        // Both ways of writing a name are one name.
        #expect(
            try parse("{\(fields.joined(separator: ",").replacing("n7", with: "\\u006e7"))}")["n7"]?.int()
                == 7
        )
        for twice in [0, 8, 9, 50, 99] {
            let text = "{\(fields.joined(separator: ",")),\"n\(twice)\":0}"
            #expect(refusal(Array(text.utf8))?.hasSuffix("the name \"n\(twice)\" is there twice") == true)
        }
    }

    @Test func namesAreComparedByteForByte() throws {
        // One letter é, composed and decomposed: equal for Swift, two names in JSON.
        for others in ["", (0..<20).map { ",\"\($0)\":0" }.joined()] {
            let object = try parse(#"{"\u00e9":1,"e\u0301":2"# + others + "}")
            #expect(try object.require("\u{e9}").int() == 1)
            #expect(try object.require("e\u{301}").int() == 2)
        }
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
        var limits = JSONLimits()
        limits.values = 4
        #expect(refusal(Array("[1,2,3]".utf8), limits: limits) == nil)
        #expect(
            refusal(Array("[1,2,3,4]".utf8), limits: limits)
                == "7: more than 4 values, which no file of this kind has"
        )
    }

    @Test func lengthOfTexts() throws {
        var limits = JSONLimits()
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
        var limits = JSONLimits()
        limits.acceptsNonFinite = true
        #expect(limits.acceptsNonFinite == JSONLimits.python.acceptsNonFinite)
        let values = try parse("[NaN, Infinity, -Infinity, -1]", limits: limits).elements()
        #expect(values.map(\.summary) == ["NaN", "Infinity", "-Infinity", "-1"])
        #expect(values.map { try? $0.double() } == [nil, nil, nil, -1])
        #expect(values.map { try? $0.int() } == [nil, nil, nil, -1])
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

    /// Objects of any size are checked in time that stays in proportion.
    @Test func manyFields() throws {
        let fields = (0..<200_000).map { "\"name \($0)\":\($0)" }.joined(separator: ",")
        let start = ContinuousClock.now
        let object = try parse("{\(fields)}")
        for number in stride(from: 0, to: 200_000, by: 10) {
            #expect(try object.require("name \(number)").int() == number)
        }
        // Seconds even without optimisation; in quadratic time, hours.
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func randomTextsNeverCrash() {
        var random = SplitMix(seed: 3)
        let alphabet = Array(#"{}[]",:\u0123e+-.tfnrulsaé "#.utf8) + [0, 0xff, 0x0a]
        var read = 0
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            guard let field = try? JSONField(parsing: bytes, source: "random") else { continue }
            read += 1
            // What was read says the same when it is written and read again.
            #expect(throws: Never.self) {
                let text = try rewritten(field)
                #expect(try rewritten(parse(text)) == text)
            }
        }
        #expect(read > 0 && read < 500)
    }
}
