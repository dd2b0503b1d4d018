import Testing

@testable import Tokenizers

@Suite struct TokenDecoderTests {
    private static let mark = Array("▁".utf8)
    private static let space = Array(" ".utf8)
    private static let sentencePiece = TokenDecoder(steps: [
        .replace(mark, with: space), .byteFallback, .fuse, .strip(space, count: 1),
    ])

    private func text(_ decoder: TokenDecoder, _ tokens: [String]) -> String {
        String(decoding: decoder.text(of: tokens.map { Array($0.utf8) }), as: UTF8.self)
    }

    @Test(arguments: [
        (["▁Hello", "▁", "world"], "Hello world"), (["▁▁a"], " a"), (["a▁b"], "a b"), ([], ""), (["▁"], ""),
        (["▁", "<0xC3>", "<0xA9>", "x"], "\u{E9}x"), (["<0xC3>", "x", "<0xA9>"], "\u{FFFD}x\u{FFFD}"),
        (["<0xE2>", "<0x82>", "<0x41>"], "\u{FFFD}\u{FFFD}\u{FFFD}"), (["<0x0a>", "<0x0A>"], "\n\n"),
        (["<0xG0>", "<0x-1>", "<0x1>", "<0x+1>"], "<0xG0><0x-1><0x1>\u{1}"), (["<s>", "▁a"], "<s> a"),
    ])
    func bytesMarksAndTheFirstSpace(tokens: [String], expected: String) {
        #expect(sameScalars(text(Self.sentencePiece, tokens), expected))
    }

    @Test func metaspaceDropsTheMarksOfTheFirstToken() {
        let tokens = ["▁a▁", "▁b"]
        #expect(text(TokenDecoder(steps: [.metaspace(Self.mark, dropsFirst: true)]), tokens) == "a b")
        #expect(text(TokenDecoder(steps: [.metaspace(Self.mark, dropsFirst: false)]), tokens) == " a  b")
    }

    @Test func withoutADecoderTokensAreWords() {
        #expect(text(.joinedWithSpaces, ["a", "b"]) == "a b")
        #expect(text(TokenDecoder(steps: []), ["a", "b"]) == "ab")
    }

    @Test func aTokenAloneKeepsItsSpace() {
        let bytes = { (spelling: String) in Self.sentencePiece.bytes(of: Array(spelling.utf8)) }
        #expect(bytes("▁the") == Array(" the".utf8))
        #expect(bytes("<0xE2>") == [0xE2])
        #expect(bytes("<s>") == Array("<s>".utf8))
        let spellings = Self.sentencePiece.spellings(of: " a").map { String(decoding: $0, as: UTF8.self) }
        #expect(spellings == ["▁a"])
        let byte = Self.sentencePiece.spellings(of: "\n").map { String(decoding: $0, as: UTF8.self) }
        #expect(byte == ["\n", "<0x0A>"])
    }
}
