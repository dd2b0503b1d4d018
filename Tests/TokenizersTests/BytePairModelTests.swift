import Testing

@testable import Tokenizers

@Suite struct BytePairModelTests {
    /// A tokenizer of characters; ids are checked against Hugging Face's `tokenizers`.
    private func tokenizer(_ flags: String, merges: String = #"["a b"]"#) throws -> PipelineTokenizer {
        let vocabulary =
            #"{"<unk>": 0, "a": 1, "b": 2, "ab": 3, "<0xC3>": 4, "<0xA9>": 5, "<unk>a": 6, "ba": 7}"#
        return try PipelineTokenizer(
            tokenizerJSON: """
                {"decoder": {"type": "Fuse"},
                 "model": {"type": "BPE", \(flags) "vocab": \(vocabulary), "merges": \(merges)}}
                """
        )
    }

    @Test(arguments: [
        (#""unk_token": "<unk>","#, "xya\u{E9}", [0, 0, 1, 0]),
        (#""unk_token": "<unk>", "fuse_unk": true,"#, "xya\u{E9}x", [0, 1, 0]),
        (#""unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,"#, "xya\u{E9}x", [0, 1, 4, 5, 0]),
        // The unknown waits for a token of the vocabulary, and the tokens of bytes overtake it.
        (
            #""unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,"#, "x\u{E9}y\u{E9}a",
            [4, 5, 4, 5, 0, 1]
        ),
        (#""unk_token": "<unk>", "byte_fallback": true,"#, "x\u{E9}ya", [4, 5, 0, 0, 1]),
        (#""byte_fallback": true,"#, "ab\u{E9}", [3, 4, 5]),
        (#""ignore_merges": true,"#, "ba", [7]), ("", "ba", [2, 1]),
        (#""ignore_merges": true,"#, "bab", [2, 3]),
    ])
    func whatHasNoToken(flags: String, text: String, expected: [Int]) throws {
        #expect(try tokenizer(flags).encode(text) == expected)
    }

    @Test func theUnknownMayBeMerged() throws {
        let tokenizer = try tokenizer(#""unk_token": "<unk>","#, merges: #"[["<unk>", "a"]]"#)
        #expect(try tokenizer.encode("xab") == [6, 2])
    }

    @Test func charactersWithoutATokenAreErrors() throws {
        let error = TokenizerError.characterWithoutToken("\u{E9}", word: "ab\u{E9}")
        #expect(throws: error) { try tokenizer("").encode("ab\u{E9}") }
        #expect(
            error.description
                == "The character '\u{E9}' (U+00E9) in 'ab\u{E9}' has no token, and the vocabulary has "
                + "none for what it does not know. Remove the character, or use a tokenizer that knows it."
        )
    }

    @Test func marksCutOnlyWhereNoMergeCrossesThem() throws {
        let cut = { (merges: String) in
            let tokenizer = try PipelineTokenizer(
                tokenizerJSON:
                    #"{"model": {"type": "BPE", "unk_token": "?", "fuse_unk": true, "vocab": {"▁": 0, "a": 1, "#
                    + #""▁a": 2, "a▁": 3, "▁▁": 4, "?": 5}, "merges": \#(merges)}}"#
            )
            return (tokenizer.parts.preTokenizer.splits.count, try tokenizer.encode("a▁▁a▁a▁x▁xya▁"))
        }
        let within = try cut(#"["▁ a", "▁ ▁"]"#)
        #expect(within == (1, [1, 0, 2, 2, 0, 5, 0, 5, 1, 0]))
        let across = try cut(#"["a ▁", "▁ ▁"]"#)
        #expect(across == (0, [3, 0, 3, 3, 5, 0, 5, 3]))
    }
}
