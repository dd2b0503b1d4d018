import Testing

@testable import Tokenizers

@Suite struct AddedVocabularyTests {
    private func pieces(_ text: String, _ tokens: [AddedToken]) -> [String] {
        var vocabulary = AddedVocabulary()
        for token in tokens { _ = vocabulary.add(token, normalizer: .none) }
        var text = text
        return text.withUTF8 { bytes in
            var pieces: [TextPiece] = []
            vocabulary.verbatim.appendPieces(bytes, bytes.indices, to: &pieces)
            return pieces.map {
                let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[$0.range]), as: UTF8.self)
                return $0.id.map { "\($0):" } ?? text
            }
        }
    }

    @Test func theLongestTokenWins() {
        let tokens = [AddedToken(id: 1, content: "ab"), AddedToken(id: 2, content: "abcd")]
        #expect(pieces("xabcabcdab", tokens) == ["x", "1:", "c", "2:", "1:"])
    }

    @Test func wordsAreLeftWhole() {
        let token = AddedToken(id: 1, content: "cat", isSingleWord: true)
        #expect(pieces("cat cats a_cat (cat)écat", [token]) == ["1:", " cats a_cat (", "1:", ")écat"])
    }

    @Test func spacesAreStripped() {
        let left = AddedToken(id: 1, content: "L", stripsLeft: true)
        let right = AddedToken(id: 2, content: "R", stripsRight: true)
        #expect(pieces("a \t L b R \u{3000}c", [left, right]) == ["a", "1:", " b ", "2:", "c"])
        #expect(pieces("R  L", [left, right]) == ["2:", "1:"])
    }

    @Test func aSpellingIsTakenOnce() {
        var vocabulary = AddedVocabulary()
        let first = vocabulary.add(AddedToken(id: 1, content: "x"), normalizer: .none)
        let second = vocabulary.add(AddedToken(id: 2, content: "x"), normalizer: .none)
        #expect(first && !second)
    }
}
