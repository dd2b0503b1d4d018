// Ids and texts equal to those recorded from Hugging Face's `tokenizers`.

import Foundation
import Testing

@testable import Tokenizers

@Suite struct ReferenceTests {
    @Test(.enabled(if: Fixtures.hasData, Fixtures.noData), arguments: [("gpt2", 1), ("gpt-neox", 2)])
    func realVocabulariesMatch(name: String, column: Int) throws {
        let tokenizer = try loadTokenizer(directory: Fixtures.data.appendingPathComponent(name))
        let lines = try Fixtures.lines("references.jsonl")
        #expect(lines.count >= 2000)
        var differences: [String] = []
        for line in lines {
            let text = try #require(line[0] as? String)
            if try tokenizer.encode(text) != #require(line[column] as? [Int]) { differences.append(text) }
        }
        #expect(differences.isEmpty, "\(differences.count) texts differ, first \(differences.prefix(3))")
    }

    @Test(.enabled(if: Fixtures.hasData, Fixtures.noData), arguments: ["gpt2", "gpt-neox"])
    func aWholeTextMatches(name: String) throws {
        let tokenizer = try loadTokenizer(directory: Fixtures.data.appendingPathComponent(name))
        let file = "tinyshakespeare.txt"
        let text = try String(contentsOf: Fixtures.data.appendingPathComponent(file), encoding: .utf8)
        let recorded = try #require(try Fixtures.object("texts.json")[file] as? [String: [String: Any]])
        let ids = try tokenizer.encode(text)
        #expect(ids.count == recorded[name]?["count"] as? Int)
        #expect(Fixtures.checksum(ids) == recorded[name]?["checksum"] as? String)
        #expect(try tokenizer.decode(ids) == text)
    }

    @Test(.enabled(if: Fixtures.hasData, Fixtures.noData))
    func realVocabulariesAreDescribed() throws {
        let gpt2 = try loadTokenizer(directory: Fixtures.data.appendingPathComponent("gpt2"))
        #expect(gpt2.vocabularySize == 50257)
        #expect(gpt2.specialTokenIDs == [50256])
        #expect(gpt2.bosTokenID == 50256)
        #expect(gpt2.eosTokenID == 50256)
        #expect(gpt2.addsBOSToken == nil)
        #expect(gpt2.id(of: " Mary") == 5335)
        #expect(try gpt2.token(for: 5335) == " Mary")
        #expect(try gpt2.token(for: 447) == "\\xE2\\x80")
        let neox = try loadTokenizer(directory: Fixtures.data.appendingPathComponent("gpt-neox"))
        #expect(neox.vocabularySize == 50277)
        #expect(neox.specialTokenIDs == [0, 1])
        #expect(neox.bosTokenID == 0)
        #expect(try neox.token(for: 50276) == "  ")
    }

    @Test(arguments: [("toy", 1), ("plain", 1), ("flags", 2)])
    func smallVocabulariesMatch(name: String, column: Int) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let lines = try Fixtures.lines("toys.jsonl")
        #expect(lines.count >= 500)
        for line in lines {
            let text = try #require(line[0] as? String)
            // vocab.json and merges.txt say nothing of a normaliser.
            if name == "plain", !sameScalars(Normalizer.nfc.normalized(text), text) { continue }
            let ids = try #require(line[column] as? [Int])
            #expect(try tokenizer.encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test func templateAndDecoderMatch() throws {
        let tokenizer = try Fixtures.tokenizer("flags")
        for line in try Fixtures.lines("toys.jsonl") {
            let ids = try #require(line[3] as? [Int])
            let text = try #require(line[0] as? String)
            #expect(try tokenizer.encode(text, addingSpecialTokens: true) == ids)
            #expect(sameScalars(try tokenizer.decode(ids), try #require(line[4] as? String)))
        }
    }
}
