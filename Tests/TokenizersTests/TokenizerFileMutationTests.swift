// Damaged files of every known structure: whatever they hold, they are read or refused with an error of ours.

import Foundation
import JSON
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct TokenizerFileMutationTests {
    /// Small files that together have every part that is known.
    private static let files: [String] = [
        #"""
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
           "normalized": false, "special": true}, {"id": 1, "content": "<s>", "normalized": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
           {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, {"type": "NFC"}]},
         "pre_tokenizer": null,
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
           "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
           {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
           "ignore_merges": false, "vocab": {"<unk>": 0, "<s>": 1, "<0x0A>": 2, "<0xC3>": 3, "<0xA9>": 4, "▁": 5,
           "a": 6, "b": 7, "ab": 8, "▁ab": 9, "▁▁": 10}, "merges": ["a b", "▁ ab", "▁ ▁"]}}
        """#,
        #"""
        {"added_tokens": [{"id": 4, "content": "<x>", "lstrip": true, "rstrip": true, "single_word": true,
           "normalized": true, "special": false}],
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "_",
           "prepend_scheme": "first", "split": true}, {"type": "Digits", "individual_digits": true},
           {"type": "Split", "pattern": {"String": "b"}, "behavior": "MergedWithPrevious", "invert": true}]},
         "decoder": {"type": "Metaspace", "replacement": "_", "add_prefix_space": true, "prepend_scheme": "always"},
         "model": {"type": "BPE", "dropout": null, "vocab": {"a": 0, "b": 1, "_": 2, "_a": 3},
           "merges": [["_", "a"]]}}
        """#,
        #"""
        {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split",
           "pattern": {"Regex": "(?i:'s|'t)|[^\\r\\n\\p{L}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s]++|\\s+(?!\\S)|\\s+"},
           "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false,
           "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel", "trim_offsets": false}]},
         "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "unk_token": "?", "ignore_merges": true,
           "vocab": {"a": 0, "b": 1, "Ġ": 2, "Ġa": 3, "?": 4, "ba": 5}, "merges": ["Ġ a"]}}
        """#,
        #"""
        {"pre_tokenizer": {"type": "WhitespaceSplit"}, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}, "unk_token": "b"}}
        """#,
    ]

    private static let values = [
        "null", "true", "false", "0", "1", "7", "-1", "-0", "1e400", "NaN", "70000", "4194304",
        "4611686018427387904", "9223372036854775808", "\"\"", "\"a\"", "\"▁\"", "\"<s>\"", "\"<0xFF>\"",
        "\"Sequence\"",
        "\"ByteLevel\"", "\"Metaspace\"", "\"BPE\"", "[]", "{}", "[[\"\", \"a\"]]", "[\"a a\", \"a a\"]",
        "\"(((((((((((((((((((((((((((((\"", "\"(?:a?a?a?a?a?a?a?)?a+a+a\"", "\"[^\"", "\"\\u0000\"",
        "\"\\ud800\"",
        "{\"type\": \"Sequence\", \"decoders\": []}", "{\"type\": \"Split\"}",
        "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
    ]

    /// Where the values and names of a JSON text stand.
    private func items(_ bytes: [UInt8]) -> [Range<Int>] {
        var items: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let start = index
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                while bytes[index] != UInt8(ascii: "\"") {
                    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                index += 1
            } else if bytes[index] >= 0x30, bytes[index] < 0x7B, bytes[index] != UInt8(ascii: ":"),
                bytes[index] != UInt8(ascii: "["), bytes[index] != UInt8(ascii: "]")
            {
                while bytes[index] >= 0x30, bytes[index] < 0x7B { index += 1 }
            } else {
                index += 1
                continue
            }
            // A value, or one in seven of the names: without its name most of a file cannot be read.
            if bytes[index] != UInt8(ascii: ":") || items.count % 7 == 0 { items.append(start..<index) }
        }
        return items
    }

    private func mutated(_ file: [UInt8], _ items: [Range<Int>], _ generator: inout SplitMix) -> [UInt8] {
        var bytes = file
        for _ in 0..<([1, 1, 1, 2].randomElement(using: &generator) ?? 1) {
            let item = items.randomElement(using: &generator) ?? 0..<0
            guard item.upperBound < bytes.count else { continue }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: 0...255,
                    using: &generator
                )
            case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
            case 2: bytes.removeSubrange(item)
            case 3: bytes.insert(.random(in: 0x20...0x7E, using: &generator), at: item.lowerBound)
            case 4...6:
                // Another item of the same kind: what is left is more often a file that can be read.
                let others = items.filter { file[$0.lowerBound] == file[item.lowerBound] }
                bytes.replaceSubrange(item, with: file[others.randomElement(using: &generator) ?? item])
            default:
                bytes.replaceSubrange(item, with: (Self.values.randomElement(using: &generator) ?? "").utf8)
            }
        }
        return bytes
    }

    @Test(.timeLimit(.minutes(1)))
    func tenThousandDamagedFiles() throws {
        var generator = SplitMix(seed: 29)
        var read = 0
        var refused = 0
        for file in Self.files {
            let bytes = Array(file.utf8)
            _ = try PipelineTokenizer(tokenizerJSON: file)
            let items = items(bytes)
            for _ in 0..<2500 {
                let damaged = mutated(bytes, items, &generator)
                do {
                    let root = try JSONField(parsing: damaged, source: "t.json", limits: .tokenizer)
                    try use(try PipelineTokenizer(root))
                    read += 1
                } catch {
                    let isOurs = error is JSONError || error is TokenizerFileError || error is TokenizerError
                    #expect(isOurs, "\(error) for \(String(decoding: damaged, as: UTF8.self))")
                    refused += 1
                }
            }
        }
        // Neither everything is refused before it is looked at, nor is everything taken.
        #expect(read > 500, "\(read)")
        #expect(refused > 5000, "\(refused)")
    }

    /// Does everything that a tokenizer can do.
    private func use(_ tokenizer: PipelineTokenizer) throws {
        #expect(tokenizer.vocabularySize <= TokenTable.idLimit + 2)
        for text in ["", "ab a  b", "a<s>\u{E9}\n12 <x> b's\u{1F600}"] {
            // A text that the vocabulary does not cover is an error of its own.
            guard let ids = try? tokenizer.encode(text, addingSpecialTokens: true) else { continue }
            _ = try tokenizer.decode(ids)
            for id in Set(ids) {
                #expect((0..<tokenizer.vocabularySize).contains(id))
                let token = try tokenizer.token(for: id)
                if let found = tokenizer.id(of: token) { _ = try tokenizer.label(for: found) }
            }
        }
    }

    @Test func absurdIDsAskForNoMemory() {
        for id in ["4611686018427387904", "9223372036854775807", "4194304", "-1", "1.0"] {
            let text = #"{"model": {"type": "BPE", "vocab": {"a": \#(id)}, "merges": []}}"#
            #expect(throws: (any Error).self) { try PipelineTokenizer(tokenizerJSON: text) }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func manyAndLongMergesAreRead() throws {
        // Each token is twice as long as the one before; each merge is there many times, the last one counts.
        var vocabulary = ["\"a\": 0"]
        var merges: [String] = []
        for power in 0..<14 {
            let token = String(repeating: "a", count: 1 << power)
            vocabulary.append("\"\(token + token)\": \(power + 1)")
            merges += repeatElement("\"\(token) \(token)\"", count: 3)
        }
        let text = """
            {"model": {"vocab": {\(vocabulary.joined(separator: ", "))}, "merges": [\(merges.joined(separator: ", "))]}}
            """
        let tokenizer = try PipelineTokenizer(tokenizerJSON: text)
        #expect(try tokenizer.encode(String(repeating: "a", count: 3 << 14)) == [14, 14, 14])
        #expect(try tokenizer.encode(String(repeating: "a", count: 21)) == [4, 2, 0])
    }
}
