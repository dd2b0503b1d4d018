// Files of the structure that well-known models have: ids and texts equal to those recorded from Hugging Face's
// `tokenizers`. The vocabularies are small ones of our own (Scripts/references/structure_references.py).

import Foundation
import JSON
import Testing

@testable import Tokenizers

@Suite struct StructureTests {
    static let names = [
        "llama2", "llama2-unknown", "metaspace-first", "metaspace-never", "metaspace-decoder", "llama3",
        "qwen2",
        "cl100k", "o200k", "tekken", "phi", "opt", "smollm", "gemma", "gemma-plain",
    ]

    private func tokenizer(_ name: String) throws -> PipelineTokenizer {
        try PipelineTokenizer(
            tokenizerFile: Fixtures.directory.appendingPathComponent("structures/\(name).json")
        )
    }

    @Test(arguments: names.enumerated().map { ($0 + 1, $1) })
    func idsAndTextsMatch(column: Int, name: String) throws {
        let tokenizer = try tokenizer(name)
        // Foundation drops a byte order mark at the start of a string.
        let file = Fixtures.directory.appendingPathComponent("structures.jsonl")
        let lines = try Data(contentsOf: file).split(separator: 0x0A).map {
            try JSONField(parsing: Array($0), source: "structures.jsonl").elements()
        }
        #expect(try lines.first?.first?.strings() == Self.names)
        #expect(lines.count >= 400)
        var differences: [String] = []
        for line in lines.dropFirst() {
            let text = try line[0].string()
            let recorded = try line[column].elements(count: 2)
            let ids = try recorded[0].ints()
            let decoded = recorded[1].kind == .null ? text : try recorded[1].string()
            let template = tokenizer.parts.postProcessor
            let inner = Array(ids.dropFirst(template.before.count).dropLast(template.after.count))
            let isEqual =
                try tokenizer.encode(text, addingSpecialTokens: true) == ids
                && tokenizer.encode(text) == inner
                && sameScalars(tokenizer.decode(ids), decoded)
            if !isEqual { differences.append(text) }
        }
        #expect(differences.isEmpty, "\(differences.count) texts differ, first \(differences.prefix(3))")
    }

    @Test(arguments: [
        ("llama2", 1, 2), ("llama3", 622, 623), ("opt", 2, 2), ("gemma", 2, 1),
    ])
    func openingAndEndingTokens(name: String, opening: Int, ending: Int) throws {
        let tokenizer = try tokenizer(name)
        #expect(tokenizer.bosTokenID == opening)
        #expect(tokenizer.eosTokenID == ending)
        #expect(tokenizer.addsBOSToken == true)
        #expect(tokenizer.specialTokenIDs.contains(opening))
    }

    @Test func withoutATemplateNothingIsSaidOfOpening() throws {
        let tokenizer = try tokenizer("qwen2")
        #expect(tokenizer.addsBOSToken == nil)
        #expect(try tokenizer.encode("a", addingSpecialTokens: true) == tokenizer.encode("a"))
    }

    @Test func tokensOfCharactersAndBytesHaveReadableNames() throws {
        let tokenizer = try tokenizer("llama2")
        let the = try #require(tokenizer.id(of: " the"))
        #expect(try tokenizer.encode("the") == [the])
        #expect(try tokenizer.token(for: the) == " the")
        let tab = try #require(tokenizer.id(of: "\u{B}"))
        #expect(tab == 3 + 0x0B)
        #expect(try tokenizer.token(for: tab) == "\u{B}")
        #expect(try tokenizer.label(for: tab) == "\\u{B}")
        #expect(try tokenizer.label(for: 3 + 0xE2) == "\\xE2")
        #expect(tokenizer.id(of: "<0xE2>") == 3 + 0xE2)
        #expect(tokenizer.id(of: "no such token") == nil)
        let ids = try tokenizer.encode("\u{1F680}a")
        #expect(ids.dropFirst().prefix(4).map { $0 - 3 } == [0xF0, 0x9F, 0x9A, 0x80])
        #expect(try tokenizer.decode(ids) == "\u{1F680}a")
        #expect(try tokenizer.decode(Array(ids.dropFirst(2))) == "\u{FFFD}\u{FFFD}\u{FFFD}a")
    }

    @Test(arguments: names)
    func tokensRoundTripThroughTheirText(name: String) throws {
        let tokenizer = try tokenizer(name)
        var found = 0
        for id in 0..<tokenizer.vocabularySize {
            let text = try tokenizer.token(for: id)
            if text.contains("\\x") { continue }
            // Two tokens may have one text: a byte and its character.
            let back = try #require(tokenizer.id(of: text), "\(id) \(text.debugDescription)")
            #expect(try sameScalars(tokenizer.token(for: back), text))
            if back == id { found += 1 }
        }
        #expect(found > tokenizer.vocabularySize / 3)
    }

    // Neither the search for merges nor the splits may take quadratic time; the limit leaves room for
    // unoptimised builds.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["llama2", "gemma-plain", "metaspace-never", "llama3", "o200k"],
        ["a", "aB", " ", "\n ", "the ", "\u{301}", "1", "'s", "▁"]
    )
    func aLongTextWithoutWordsIsFast(name: String, piece: String) throws {
        let tokenizer = try tokenizer(name)
        let count = 40_000 / piece.utf8.count
        let ids = try tokenizer.encode(String(repeating: piece, count: count))
        #expect(ids.count <= 40_010 && !ids.isEmpty)
    }
}
