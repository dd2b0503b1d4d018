import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct PipelineTokenizerTests {
    @Test(arguments: ["toy", "plain"])
    func decodingUndoesEncoding(name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        var generator = SplitMix(seed: 7)
        for _ in 0..<2000 {
            let text = generator.text()
            let ids = try tokenizer.encode(text)
            let expected = name == "toy" ? Normalizer.nfc.normalized(text) : text
            #expect(sameScalars(try tokenizer.decode(ids), expected), "\(text.debugDescription)")
            #expect(ids.allSatisfy { (0..<tokenizer.vocabularySize).contains($0) })
        }
    }

    @Test func aLongTextHasTheIDsOfItsLines() throws {
        // Thousands of different words share the slots of the word cache; single lines are too short for it.
        let tokenizer = try Fixtures.tokenizer("plain")
        var generator = SplitMix(seed: 13)
        let words = (0..<4000).map { _ in
            String((0..<5).map { _ in "abeht\u{E9}1".randomElement(using: &generator) ?? "a" })
        }
        let lines = (0..<8000).map { _ in (words.randomElement(using: &generator) ?? "") + "x\n" }
        let whole = try tokenizer.encode(lines.joined())
        #expect(whole == (try lines.flatMap { try tokenizer.encode($0) }))
    }

    @Test func tokensRoundTripThroughTheirText() throws {
        let tokenizer = try Fixtures.tokenizer("toy")
        for id in 0..<tokenizer.vocabularySize {
            let text = try tokenizer.token(for: id)
            if text.contains("\\x") { continue }
            #expect(tokenizer.id(of: text) == id, "\(id) \(text.debugDescription)")
        }
        #expect(tokenizer.id(of: "no such token") == nil)
    }

    @Test func tokensShowTheirBytes() throws {
        let tokenizer = try Fixtures.tokenizer("toy")
        let ids = try tokenizer.encode("\u{20AC}")
        #expect(try ids.map { try tokenizer.token(for: $0) } == ["\\xE2", "\\x82", "\\xAC"])
        #expect(
            try tokenizer.decode(Array(ids.prefix(2)) + [try #require(tokenizer.id(of: "a"))]) == "\u{FFFD}a"
        )
        let newline = try #require(tokenizer.id(of: "\n"))
        #expect(try tokenizer.token(for: newline) == "\n")
        #expect(try tokenizer.label(for: newline) == "\\n")
        #expect(try tokenizer.label(for: #require(tokenizer.id(of: "\u{7F}"))) == "\\u{7F}")
        #expect(try tokenizer.label(for: #require(tokenizer.id(of: " the"))) == " the")
    }

    @Test func specialTokensInsideTextAreFound() throws {
        let tokenizer = try Fixtures.tokenizer("toy")
        let ids = try tokenizer.encode("a<|endoftext|>b")
        #expect(ids.count == 3)
        #expect(ids[1] == 0)
        #expect(tokenizer.specialTokenIDs == [0])
        #expect(tokenizer.bosTokenID == 0)
        #expect(tokenizer.eosTokenID == 0)
        #expect(try tokenizer.encode("") == [])
    }

    @Test(arguments: [-1, 408, Int.max])
    func unknownIDsAreErrors(id: Int) throws {
        let tokenizer = try Fixtures.tokenizer("toy")
        let error = TokenizerError.unknownID(id, vocabularySize: 408)
        #expect(throws: error) { try tokenizer.decode([0, id]) }
        #expect(throws: error) { try tokenizer.token(for: id) }
        #expect(
            error.description == "Token id \(id) is not in the vocabulary, whose ids are 0 to 407. "
                + "Check that the ids were made with this model's tokenizer."
        )
    }

    @Test func bytesWithoutATokenAreErrors() throws {
        let json = smallFile(vocabulary: #"{"a": 0, "b": 1, "ab": 2}"#, merges: #"["a b"]"#)
        let tokenizer = try PipelineTokenizer(tokenizerJSON: json)
        #expect(try tokenizer.encode("abba") == [2, 1, 0])
        let error = TokenizerError.byteWithoutToken(0x63, word: "abc")
        #expect(throws: error) { try tokenizer.encode("abc") }
        #expect(
            error.description == "The byte 0x63 in 'abc' has no token: this byte-level vocabulary does not "
                + "cover every byte. Remove the character, or use a tokenizer with all 256 bytes."
        )
    }

    @Test func theUnknownTokenStandsForBytesWithoutOne() throws {
        let json = smallFile(
            vocabulary: #"{"a": 0, "b": 1, "ab": 2, "?": 3}"#,
            merges: #"["a b"]"#,
            extra: #""unk_token": "?","#
        )
        #expect(try PipelineTokenizer(tokenizerJSON: json).encode("abcdab") == [2, 3, 3, 2])
    }

    @Test func encodingIsTheSameFromManyThreads() async throws {
        let tokenizer = try Fixtures.tokenizer("flags")
        let texts = (0..<16).map { number in String(repeating: "the café\u{301} \(number) word ", count: 300)
        }
        let expected = try texts.map { try tokenizer.encode($0) }
        try await withThrowingTaskGroup(of: (Int, [Int]).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask { (index, try tokenizer.encode(text)) }
            }
            for try await (index, ids) in group { #expect(ids == expected[index]) }
        }
    }

    // Quadratic work on these would take minutes; the limit leaves room for unoptimised builds.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("a", 1_000_000), ("ab", 200_000), (" ", 1_000_000), ("\u{301}\u{327}", 200_000),
            ("the", 200_000),
            ("<|endoftext", 200_000),
        ]
    )
    func aLongTextWithoutWordsIsFast(piece: String, length: Int) throws {
        let tokenizer = try Fixtures.tokenizer("toy")
        let text = String(repeating: piece, count: length / piece.utf8.count)
        let ids = try tokenizer.encode(text)
        #expect(try tokenizer.decode(ids).utf8.count == text.utf8.count)
    }

    private func smallFile(vocabulary: String, merges: String, extra: String = "") -> String {
        """
        {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
         "decoder": {"type": "ByteLevel"}, "added_tokens": [],
         "model": {\(extra) "type": "BPE", "vocab": \(vocabulary), "merges": \(merges)}}
        """
    }
}
