import TestSupport
import Testing

@testable import Tokenizers

@Suite struct GPT2WordScannerTests {
    private func words(_ text: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var words: [String] = []
            GPT2WordScanner().forEachWord(bytes, in: bytes.indices) {
                words.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[$0]), as: UTF8.self))
            }
            return words
        }
    }

    @Test(arguments: [
        ("Hello world", ["Hello", " world"]),
        ("it's we'll I'M 'tis", ["it", "'s", " we", "'ll", " I", "'", "M", " '", "tis"]),
        ("x'rest y've 'l", ["x", "'re", "st", " y", "'ve", " '", "l"]),
        ("a  b   c", ["a", " ", " b", "  ", " c"]),
        ("a\n\nb\n c ", ["a", "\n", "\n", "b", "\n", " c", " "]),
        ("a \u{A0}b\u{3000}", ["a", " ", "\u{A0}", "b", "\u{3000}"]),
        ("12ab3.4 5!?", ["12", "ab", "3", ".", "4", " 5", "!?"]),
        ("e\u{301}te\u{301} ½x", ["e", "\u{301}", "te", "\u{301}", " ½", "x"]),
        ("中文١٢ \u{200D}", ["中文", "١٢", " \u{200D}"]),
        ("", []), ("   ", ["   "]), ("'", ["'"]), (" '", [" '"]),
    ])
    func textIsCutLikeTheExpressionCutsIt(text: String, expected: [String]) {
        let found = words(text)
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { sameScalars($0, $1) }, "\(found)")
    }

    @Test func everyByteBelongsToOneWord() {
        var generator = SplitMix(seed: 3)
        for _ in 0..<1000 {
            let text = generator.text()
            #expect(sameScalars(words(text).joined(), text))
        }
    }

    @Test func theClassesAreThoseOfTheReference() {
        let kinds = ScalarClasses.shared.table
        let count = { (kind: UInt8) in kinds.count { $0 & ScalarClasses.Kind.mask == kind } }
        // Counted on the reference: letters and numbers of Unicode 16, the 25 of White_Space.
        #expect(count(ScalarClasses.Kind.letter) == 141_028)
        #expect(count(ScalarClasses.Kind.number) == 1911)
        #expect(count(ScalarClasses.Kind.space) == 25)
        // New in Unicode 17, which a newer runtime would call a letter.
        #expect(kinds[0x088F] & ScalarClasses.Kind.mask == ScalarClasses.Kind.other)
    }
}
