// Values in memory: canonical text, and back.
import Foundation
import Testing

@testable import JSON

@Suite struct JSONValueTests {
    private func parsed(_ text: String) throws -> JSONValue {
        JSONValue(try JSONField(parsing: Array(text.utf8), source: "x"))
    }

    @Test func theTextIsCanonical() {
        let value: JSONValue = [
            "b": [1, "x\n", nil, true, .double(0.1), .double(.nan), .int(UInt64.max)], "a": [:], "é": [],
            "Z": "",
        ]
        #expect(
            value.text == """
                {
                  "Z": "",
                  "a": {},
                  "b": [
                    1,
                    "x\\n",
                    null,
                    true,
                    0.1,
                    null,
                    18446744073709551615
                  ],
                  "é": []
                }

                """
        )
        #expect(
            value.line
                == #"{"Z": "", "a": {}, "b": [1, "x\n", null, true, 0.1, null, 18446744073709551615], "é": []}"#
        )
    }

    @Test(arguments: ["null", "[]", "{}", "-1.50e3", #"{"a": [{"b": "\u00e9\\ \""}, 1.0, 1]}"#])
    func whatIsReadIsWritten(_ text: String) throws {
        let value = try parsed(text)
        #expect(try parsed(value.text) == value)
        #expect(try parsed(value.line) == value)
    }

    @Test func numbersKeepTheirDigits() throws {
        #expect(try parsed("[1.50, 1e2]").line == "[1.50, 1e2]")
    }

    @Test func namesThatAreOneStringToSwift() throws {
        // e with an accent, as one scalar and as two.
        let value = try parsed("{\"\u{e9}\": 1, \"e\u{301}\": 2}")
        #expect(value == ["\u{e9}": 2])
    }

    @Test func encodedValues() throws {
        struct Sample: Encodable {
            var path = "a/b"
            var values = [0.5, 2]
            var none: Int?
        }
        #expect(try JSONValue(encoding: Sample()).line == #"{"path": "a/b", "values": [0.5, 2]}"#)
    }
}

@Suite struct JSONValueCodableTests {
    @Test(arguments: [
        "null", "true", "\"x\"", "-3", "18446744073709551615", "0.1", "1e-7",
        #"{"a": [1, {"b": null}, []], "c": {}, "d": 2.5}"#,
    ])
    func thereAndBack(_ text: String) throws {
        let value = JSONValue(try JSONField(parsing: Array(text.utf8), source: "x"))
        let encoded = try JSONEncoder().encode(value)
        #expect(try same(JSONDecoder().decode(JSONValue.self, from: encoded), value))
        #expect(try same(value.decoded(), value))
    }

    /// A number may come back in another spelling.
    private func same(_ first: JSONValue, _ second: JSONValue) -> Bool {
        switch (first, second) {
        case (.number(let a), .number(let b)): Double(a) == Double(b)
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy(same)
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { name, value in b[name].map { same(value, $0) } ?? false }
        default: first == second
        }
    }
}

@Suite struct SpellingTests {
    private let words = ["n_sequences", "seq_len", "lag_values", "mix"]

    @Test(arguments: [
        ("n_sequence", "n_sequences"), ("sequences", "n_sequences"), ("seqlen", "seq_len"),
        ("SEQ_LEN", "seq_len"),
        ("lag_vlaues", "lag_values"), ("mx", "mix"), ("imx", "mix"),
    ])
    func near(_ word: String, _ expected: String) {
        #expect(Spelling.near(word, among: words).first == expected)
    }

    @Test(arguments: ["", "x", "batch", "values", String(repeating: "a", count: 60_000)])
    func far(_ word: String) {
        #expect(Spelling.near(word, among: words).first == nil)
    }
}
