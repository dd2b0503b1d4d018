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

    @Test(arguments: [
        ("version", #""2.0""#, "version: expected one of \"1.0\", found \"2.0\"\(remedy)"),
        (
            "truncation", #"{"max_length": 5}"#,
            "field 'truncation': texts are neither cut nor padded here; expected null."
        ),
        ("padding", "{}", "field 'padding': texts are neither cut nor padded here; expected null."),
        (
            "surprise", "1",
            "field 'surprise': \(unknownField)version, truncation, padding, added_tokens, normalizer, "
                + "pre_tokenizer, post_processor, decoder, model."
        ),
        (
            "normalizer", #"{"type": "NFKC"}"#,
            #"field 'normalizer.type': "NFKC" is not known here. Known: NFC."#
        ),
        (
            "normalizer", #"{}"#,
            "normalizer.type: expected a value, found no such field\(remedy)"
        ),
        (
            "pre_tokenizer", #"{"type": "Metaspace"}"#,
            #"field 'pre_tokenizer.type': "Metaspace" is not known here. Known: ByteLevel, WhitespaceSplit."#
        ),
        (
            "pre_tokenizer", #"{"type": "ByteLevel", "add_prefix_space": false, "new": 1}"#,
            "field 'pre_tokenizer.new': \(unknownField)type, add_prefix_space, trim_offsets, use_regex."
        ),
        (
            "pre_tokenizer", "null",
            "the field 'pre_tokenizer' is missing or null; expected ByteLevel or WhitespaceSplit."
        ),
        (
            "pre_tokenizer", #"{"type": "WhitespaceSplit"}"#,
            "field 'model': a BPE model needs the pre-tokeniser 'ByteLevel' here."
        ),
        (
            "decoder", #"{"type": "Fuse"}"#,
            #"field 'decoder.type': "Fuse" is not known here. Known: ByteLevel."#
        ),
        (
            "decoder", "null",
            "the pre-tokeniser is 'ByteLevel' but the decoder is not; the two belong together."
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
        ("model", "null", "model: expected a value, found null\(remedy)"),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}}"#,
            "model.merges: expected a value, found no such field\(remedy)"
        ),
        (
            "model", #"{"type": "BPE", "vocab": {"a": 0}, "merges": [], "ignore_merges": true}"#,
            "field 'model.ignore_merges': found true; only false is known here for byte-level models."
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
    ])
    func whatIsNotKnownIsAnError(part: String, text: String, problem: String) {
        let error = #expect(throws: (any Error).self) {
            try PipelineTokenizer(tokenizerJSON: file(part, text), name: "t.json")
        }
        #expect(error is TokenizerFileError || error is JSONError)
        #expect(error.map { "\($0)" } == "t.json: \(problem)")
    }

    @Test(arguments: [
        ("truncation", "null"), ("normalizer", #"{"type": "NFC"}"#),
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
