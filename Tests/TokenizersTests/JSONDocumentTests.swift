import Foundation
import Testing

@testable import Tokenizers

@Suite struct JSONDocumentTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONDocument(Array(text.utf8), file: "f.json").root
    }

    @Test func valuesAreRead() throws {
        let fields = try parse(
            #" {"s": "a\n\"\\\/\u00e9\ud83d\ude42é", "n": 12, "t": true, "l": [1, [2], {"k": null}], "z": null} "#
        ).fields(known: nil)
        #expect(try fields.required("s").string() == "a\n\"\\/é🙂é")
        #expect(try fields.required("n").count() == 12)
        #expect(try fields.required("t").bool())
        let list = try fields.required("l").elements()
        #expect(list.map(\.path) == ["l[0]", "l[1]", "l[2]"])
        #expect(try list[1].elements().map { try $0.count() } == [2])
        #expect(try list[2].fields(known: ["k"]).values["k"]?.isNull == true)
        #expect(fields["z"] == nil)
    }

    @Test(arguments: [
        ("", "byte 0: the text ends where a value is expected"),
        ("{", "byte 1: expected a key in double quotes"),
        (#"{"a""#, "byte 4: expected ':' after a key"),
        (#"{"a": 1"#, "byte 7: the text ends inside a list or object"),
        (#"{"a": 1,}"#, "byte 8: expected a key in double quotes"),
        ("[1 2]", "byte 3: expected ',' or ']'"), ("[1,]", "byte 3: expected a value"),
        ("nul", "byte 0: expected a value"), ("01", "byte 2: a number begins with a superfluous 0"),
        ("-", "byte 1: expected a digit"), ("1.", "byte 2: expected a digit"),
        ("1e+", "byte 3: expected a digit"),
        ("\"abc", "byte 4: the text ends inside a string"), (#""\x""#, "byte 1: unknown escape in a string"),
        (#""\u12g4""#, "byte 1: expected four hexadecimal digits after '\\u'"),
        (#""\ud83d""#, "byte 1: half of a surrogate pair stands alone"),
        (#""\ude42""#, "byte 1: half of a surrogate pair stands alone"),
        (#""\ud83d\u0041""#, "byte 1: half of a surrogate pair stands alone"),
        ("\"a\nb\"", "byte 2: a control character stands in a string"),
        ("1 1", "byte 2: there is more after the end of the value"),
        ("\u{FEFF}1", "byte 0: expected a value"),
    ])
    func mistakesAreFoundAtTheirByte(text: String, problem: String) {
        let error = #expect(throws: TokenizerFileError.self) { try parse(text) }
        #expect(
            error?.description == "f.json: not valid JSON at \(problem). "
                + "The file may be cut off or damaged; get it again."
        )
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "[", count: 100_000)
        let error = #expect(throws: TokenizerFileError.self) { try parse(deep) }
        #expect(
            error?.problem.hasPrefix("not valid JSON at byte 65: values are nested more than 64 deep.")
                == true
        )
        _ = try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    }

    @Test func invalidUTF8IsAnError() {
        let bytes: [UInt8] = Array("[\"ok\", \"".utf8) + [0xC3, 0x28] + Array("\"]".utf8)
        let error = #expect(throws: TokenizerFileError.self) { try JSONDocument(bytes, file: "f.json") }
        #expect(
            error?.problem.hasPrefix("not valid JSON at byte 8: the string that begins here is not UTF-8.")
                == true
        )
    }

    @Test func everyCutIsAnErrorAndNoChangeCrashes() throws {
        let text = Array(try Fixtures.text("words/tokenizer.json").utf8)
        let end = try #require(text.lastIndex(of: UInt8(ascii: "}")))
        for length in stride(from: 0, through: end, by: 7) {
            #expect(throws: TokenizerFileError.self) { try JSONDocument(Array(text[..<length]), file: "cut") }
        }
        var generator = SeededGenerator(state: 5)
        for _ in 0..<3000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                changed[place] = UInt8.random(in: 0...255, using: &generator)
            }
            do {
                _ = try PipelineTokenizer(document: JSONDocument(changed, file: "changed"))
            } catch is TokenizerFileError {}
        }
    }

    @Test func wrongTypesAreNamed() throws {
        let root = try parse(#"{"a": {"b": [1, "x"]}}"#)
        let list = try root.fields(known: nil).required("a").fields(known: nil).required("b")
        let second = try list.elements()[1]
        #expect(
            #expect(throws: TokenizerFileError.self) { try second.count() }?.description
                == "f.json: field 'a.b[1]': found the string 'x', expected a whole number of at least 0."
        )
        #expect(
            #expect(throws: TokenizerFileError.self) { try list.bool() }?.description
                == "f.json: field 'a.b': found a list, expected true or false."
        )
        #expect(
            #expect(throws: TokenizerFileError.self) { try parse(#"{"a": 1, "a": 2}"#).fields(known: nil) }?
                .description == "f.json: field 'a': the field stands twice; keep one."
        )
    }
}
