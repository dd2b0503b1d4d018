import Foundation
import JSON
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct TokenizerFileTests {
    /// A valid file, with one part replaced.
    private func file(_ part: String, _ text: String) -> String {
        var parts = [
            "version": #""1.0""#, "truncation": "null", "padding": "null", "normalizer": "null",
            "added_tokens": "[]", "pre_tokenizer": #"{"type": "ByteLevel", "add_prefix_space": false}"#,
            "post_processor": "null", "decoder": #"{"type": "ByteLevel"}"#,
            "model": #"{"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}"#,
        ]
        parts[part] = text
        return "{" + parts.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }

    private static let unknownField =
        "this field is not known here, so what it asks for cannot be done. Known fields: "

    private static let remedy = ". Correct the file, or download or write it again."

    private static let otherParts: [(String, String, String)] = [
        ("version", #""2.0""#, "version: expected one of \"1.0\", found \"2.0\"\(remedy)"),
        ("truncation", "5", "truncation: expected an object, found 5\(remedy)"),
        ("padding", "[]", "padding: expected an object, found an array of 0 values\(remedy)"),
        (
            "surprise", "1",
            "field 'surprise': \(unknownField)version, truncation, padding, added_tokens, normalizer, "
                + "pre_tokenizer, post_processor, decoder, model."
        ),
        (
            "post_processor", #"{"type": "RobertaProcessing"}"#,
            #"field 'post_processor.type': "RobertaProcessing" is not known here. "#
                + "Known: ByteLevel, Sequence, TemplateProcessing."
        ),
        (
            "model", #"{"type": "Unigram", "vocab": []}"#,
            "field 'model.type': the model type 'Unigram' is not known here. Known: BPE, WordLevel."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "fuse_unk": true}"#,
            "field 'model.fuse_unk': found true; only false is known here for a vocabulary without all 256 bytes."
        ),
        ("model", "null", "model: expected a value, found null\(remedy)"),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}}"#,
            "model.merges: expected a value, found no such field\(remedy)"
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "ignore_merges": "yes"}"#,
            "model.ignore_merges: expected true or false, found \"yes\"\(remedy)"
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}"#,
            "field 'model.dropout': merges are never dropped at random here; expected null."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "</w>"}"#,
            #"field 'model.end_of_word_suffix': found "</w>"; only null or an empty string is known here."#
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "<unk>"}"#,
            #"field 'model.unk_token': the token "<unk>" is not in the vocabulary."#
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}"#,
            "field 'model.merges[0]': the merge needs the token 'ab', which is not in the vocabulary. "
                + "The files may not belong together."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "b", "c"]]}"#,
            #"field 'model.merges[0]': expected a merge, written "a b" or ["a", "b"], found an array of 3 values."#
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["ab"]}"#,
            "field 'model.merges[0]': expected two tokens with one space between them, found 'ab'."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}"#,
            "field 'model.vocab.b': the id 0 is that of another token, too."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0, "a": 1}, "merges": []}"#,
            "line 1, column 99: the name \"a\" is there twice. The file is damaged or is not JSON: correct it, or "
                + "download or write it again."
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": -1}, "merges": []}"#,
            "model.vocab.a: expected a whole number of at least 0, found -1\(remedy)"
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 4194304}, "merges": []}"#,
            "field 'model.vocab.a': the id 4194304 is not below 4194304."
        ),
        (
            "model", #"{"type": "BPE", "vocab": [], "merges": []}"#,
            "model.vocab: expected an object, found an array of 0 values\(remedy)"
        ),
        (
            "added_tokens", #"[{"id": 7, "content": "<x>", "normalized": false}]"#,
            "field 'added_tokens[0].id': the token '<x>' has the id 7, expected 3: the id it has in the "
                + "vocabulary, or the next free one."
        ),
        (
            "added_tokens", #"[{"id": 3, "content": "<x>"}]"#,
            "added_tokens[0].normalized: expected a value, found no such field\(remedy)"
        ),
        (
            "added_tokens",
            #"[{"id": 0, "content": "a", "normalized": false}, {"id": 0, "content": "a", "normalized": true}]"#,
            "field 'added_tokens[1]': the token 'a' stands twice; keep one."
        ),
    ]

    private static let textParts: [(String, String, String)] = [
        (
            "normalizer", #"{"type": "NFKC"}"#,
            #"field 'normalizer.type': "NFKC" is not known here. Known: NFC, Prepend, Replace, Sequence."#
        ),
        (
            "normalizer", #"{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}"#,
            #"field 'normalizer.pattern.Regex': found " {2,}"; only a "String" is known here."#
        ),
        (
            "normalizer", #"{"type": "Replace", "pattern": {"String": ""}, "content": " "}"#,
            #"normalizer.pattern.String: expected a string that is not empty, found ""\#(remedy)"#
        ),
        (
            "normalizer", #"{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]}"#,
            #"field 'normalizer.normalizers[1].type': "Lowercase" is not known here. "#
                + "Known: NFC, Prepend, Replace, Sequence."
        ),
        (
            "normalizer", #"{}"#,
            "normalizer.type: expected a value, found no such field\(remedy)"
        ),
        (
            "pre_tokenizer", #"{"type": "BertPreTokenizer"}"#,
            #"field 'pre_tokenizer.type': "BertPreTokenizer" is not known here. "#
                + "Known: ByteLevel, Digits, Metaspace, Sequence, Split, WhitespaceSplit."
        ),
        (
            "pre_tokenizer", #"{"type": "Metaspace", "replacement": "__"}"#,
            #"pre_tokenizer.replacement: expected one character, found "__"\#(remedy)"#
        ),
        (
            "pre_tokenizer", #"{"type": "Metaspace", "replacement": "_", "add_prefix_space": false}"#,
            #"field 'pre_tokenizer.add_prefix_space': found false, which contradicts 'prepend_scheme': "always"."#
        ),
        (
            "pre_tokenizer", #"{"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}"#,
            #"pre_tokenizer.prepend_scheme: expected one of "always", "first", "never", found "last"\#(remedy)"#
        ),
        (
            "pre_tokenizer",
            #"{"type": "Split", "pattern": {"Regex": "\\w+|\\d"}, "behavior": "Isolated", "invert": false}"#,
            #"field 'pre_tokenizer.pattern.Regex': the expression '\w+|\d' cannot be used: what stands at "#
                + #"'\w+|\d' (character 1) is not known here."#
        ),
        (
            "pre_tokenizer", #"{"type": "Split", "pattern": {"String": " "}, "behavior": "Contiguous"}"#,
            #"pre_tokenizer.behavior: expected one of "Isolated", "Removed", "MergedWithPrevious", "#
                + #""MergedWithNext", found "Contiguous"\#(remedy)"#
        ),
        (
            "pre_tokenizer", #"{"type": "Digits", "individual_digits": false}"#,
            "field 'pre_tokenizer.individual_digits': found false; only true is known here."
        ),
        (
            "pre_tokenizer",
            #"{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, "#
                + #"{"type": "ByteLevel", "add_prefix_space": true}]}"#,
            "field 'pre_tokenizer.pretokenizers[1]': a pre-tokeniser that adds a space is only known as the "
                + "first here."
        ),
        (
            "pre_tokenizer",
            #"{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel", "add_prefix_space": false}, "#
                + #"{"type": "Digits", "individual_digits": true}]}"#,
            "field 'pre_tokenizer.pretokenizers[1]': a pre-tokeniser behind 'ByteLevel' sees no text; expected "
                + "'ByteLevel' as the last."
        ),
        (
            "pre_tokenizer", #"{"type": "ByteLevel", "add_prefix_space": false, "new": 1}"#,
            "field 'pre_tokenizer.new': \(unknownField)type, add_prefix_space, trim_offsets, use_regex."
        ),
        (
            "pre_tokenizer", "null",
            "the decoder is 'ByteLevel' but the pre-tokeniser is not; the two belong together."
        ),
        (
            "pre_tokenizer", #"{"type": "WhitespaceSplit"}"#,
            "the decoder is 'ByteLevel' but the pre-tokeniser is not; the two belong together."
        ),
        (
            "decoder", #"{"type": "WordPiece", "cleanup": true}"#,
            #"field 'decoder.type': "WordPiece" is not known here. "#
                + "Known: ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip."
        ),
        (
            "decoder", #"{"type": "Strip", "content": " ", "start": 0, "stop": 1}"#,
            "decoder.stop: expected a whole number from 0 to 0, found 1\(remedy)"
        ),
        (
            "decoder", "null",
            "the pre-tokeniser is 'ByteLevel' but the decoder is not; the two belong together."
        ),
    ]

    @Test(arguments: otherParts + textParts)
    func whatIsNotKnownIsAnError(part: String, text: String, problem: String) {
        let error = #expect(throws: (any Error).self) {
            try PipelineTokenizer(tokenizerJSON: file(part, text), name: "t.json")
        }
        #expect(error is TokenizerFileError || error is JSONError)
        #expect(error.map { "\($0)" } == "t.json: \(problem)")
    }

    @Test(arguments: [
        ("truncation", #"{"max_length": 1, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}"#),
        ("padding", #"{"strategy": {"Fixed": 8}, "pad_id": 0, "pad_token": "a"}"#), ("truncation", "null"),
        ("normalizer", #"{"type": "NFC"}"#),
        ("post_processor", #"{"type": "ByteLevel", "trim_offsets": false}"#),
        ("model", #"{"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]], "dropout": null}"#),
        ("model", ##"{"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["#version: 0.2", "a b"]}"##),
        (
            "model",
            #"{"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"], "fuse_unk": false, "end_of_word_suffix": ""}"#
        ),
    ])
    func knownFormsAreRead(part: String, text: String) throws {
        #expect(try PipelineTokenizer(tokenizerJSON: file(part, text)).encode("abb") == [2, 1])
    }

    @Test func everyCutIsAnErrorAndNoChangeCrashes() throws {
        let text = Array(try Fixtures.text("words/tokenizer.json").utf8)
        let end = try #require(text.lastIndex(of: UInt8(ascii: "}")))
        for length in stride(from: 0, through: end, by: 7) {
            #expect(throws: JSONError.self) { try JSONField(parsing: Array(text[..<length]), source: "cut") }
        }
        var random = SplitMix(seed: 5)
        for _ in 0..<3000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                changed[place] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try PipelineTokenizer(JSONField(parsing: changed, source: "changed"))
            } catch is TokenizerFileError {
            } catch is JSONError {}
        }
    }

    @Test func piecesCanStayWhole() throws {
        let whole = #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}"#
        let model = #"{"vocab": {"a": 0, "Ġ": 1, "aĠ": 2}, "merges": ["a Ġ"]}"#
        let text = file("model", model)
        #expect(try PipelineTokenizer(tokenizerJSON: text).encode("a a") == [0, 1, 0])
        let split = text.replacingOccurrences(
            of: #"{"type": "ByteLevel", "add_prefix_space": false}"#,
            with: whole
        )
        #expect(try PipelineTokenizer(tokenizerJSON: split).encode("a a") == [2, 0])
    }

    @Test func otherModelsAreNamedFirst() {
        let text = #"{"normalizer": {"type": "BertNormalizer"}, "model": {"type": "WordPiece", "vocab": {}}}"#
        let error = #expect(throws: TokenizerFileError.self) { try PipelineTokenizer(tokenizerJSON: text) }
        #expect(error?.field == "model.type")
        #expect(error?.problem == "the model type 'WordPiece' is not known here. Known: BPE, WordLevel.")
    }

    @Test func addedTokensAreNumberedOnFromTheNumberOfTokens() throws {
        // As the reference numbers them, though 6 is the highest id of the vocabulary.
        let added = [("<x>", 2), ("<y>", 3), ("b", 6), ("<z>", 4)].map {
            #"{"id": \#($1), "content": "\#($0)", "normalized": false}"#
        }
        let text = """
            {"added_tokens": [\(added.joined(separator: ", "))],
             "model": {"type": "BPE", "vocab": {"a": 0, "b": 6}, "merges": []}}
            """
        let tokenizer = try PipelineTokenizer(tokenizerJSON: text)
        #expect(try tokenizer.encode("<x><y><z>ba") == [2, 3, 4, 6, 0])
        #expect(tokenizer.vocabularySize == 7)
    }

    @Test func templatesNameTokens() {
        let template = #"""
            {"type": "TemplateProcessing", "pair": [], "single": [
              {"SpecialToken": {"id": "<b>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
             "special_tokens": {"<b>": {"id": "<b>", "ids": [4611686018427387904], "tokens": ["<b>"]}}}
            """#
        let error = #expect(throws: TokenizerFileError.self) {
            try PipelineTokenizer(tokenizerJSON: file("post_processor", template))
        }
        #expect(error?.field == "post_processor.special_tokens.<b>.ids[0]")
        #expect(error?.problem == "no token has the id 4611686018427387904.")
    }

    @Test func templatesPutTokensAround() throws {
        let template = #"""
            {"type": "TemplateProcessing", "pair": [], "single": [
              {"SpecialToken": {"id": "<b>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "<e>", "type_id": 0}}],
             "special_tokens": {"<b>": {"id": "<b>", "ids": [2], "tokens": ["<b>"]},
                                "<e>": {"id": "<e>", "ids": [1, 0], "tokens": ["b", "a"]}}}
            """#
        let tokenizer = try PipelineTokenizer(tokenizerJSON: file("post_processor", template))
        #expect(try tokenizer.encode("b") == [1])
        #expect(try tokenizer.encode("b", addingSpecialTokens: true) == [2, 1, 1, 0])
    }
}
