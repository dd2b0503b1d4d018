import Testing

@testable import Tokenizers

@Suite struct PieceSplitTests {
    private func pieces(_ text: String, _ split: PieceSplit) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var pieces: [String] = []
            split.forEachPiece(bytes, in: bytes.indices) {
                pieces.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self))
            }
            return pieces
        }
    }

    // Cut by Hugging Face's `tokenizers`.
    @Test(arguments: [
        (PieceSplit.Behavior.isolated, false, ["-", "a", "-", "-", "b", "-"]),
        (.isolated, true, ["-", "a", "-", "-", "b", "-"]), (.removed, false, ["a", "b"]),
        (.removed, true, ["-", "-", "-", "-"]), (.mergedWithPrevious, false, ["-", "a-", "-", "b-"]),
        (.mergedWithPrevious, true, ["-a", "-", "-b", "-"]),
        (.mergedWithNext, false, ["-a", "-", "-b", "-"]),
        (.mergedWithNext, true, ["-", "a-", "-", "b-"]),
    ])
    func whatBecomesOfMatches(behavior: PieceSplit.Behavior, isInverted: Bool, expected: [String]) {
        let split = PieceSplit(pattern: WordPattern(literal: "-"), behavior: behavior, isInverted: isInverted)
        #expect(pieces("-a--b-", split) == expected)
    }

    @Test func knownSplits() {
        #expect(pieces(" a  b\u{3000}c", .whitespace) == ["a", "b", "c"])
        #expect(pieces("a12½\u{11DE3}b", .digits) == ["a", "1", "2", "½", "\u{11DE3}", "b"])
        #expect(pieces("a▁b▁▁c▁", .marks) == ["a", "▁b", "▁▁c", "▁"])
        #expect(pieces("", .marks) == [])
    }

    @Test func aSplitCutsThePiecesOfTheOneBefore() {
        var text = "a1 b22"
        let splits = PreTokenizer(splits: [
            .digits, PieceSplit(pattern: WordPattern(literal: " "), behavior: .removed),
        ])
        text.withUTF8 { bytes in
            var words: [String] = []
            splits.forEachWord(bytes, in: bytes.indices) {
                words.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self))
            }
            #expect(words == ["a", "1", "b", "2", "2"])
        }
    }
}
