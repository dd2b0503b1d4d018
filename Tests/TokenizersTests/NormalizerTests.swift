import TestSupport
import Testing

@testable import Tokenizers

@Suite struct NormalizerTests {
    @Test(arguments: [
        ("e\u{301}", "\u{E9}"), ("A\u{30A}", "\u{C5}"), ("\u{212B}", "\u{C5}"),
        ("a\u{302}\u{301}", "\u{1EA5}"),
        ("a\u{301}\u{302}", "\u{E1}\u{302}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
        ("\u{344}", "\u{308}\u{301}"), ("\u{958}", "\u{915}\u{93C}"),
        ("\u{1100}\u{1161}", "\u{AC00}"), ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"),
        ("\u{AC00}\u{11A8}", "\u{AC01}"), ("\u{AC01}\u{11A8}", "\u{AC01}\u{11A8}"),
        ("\u{1161}x", "\u{1161}x"),
        ("\u{301}a", "\u{301}a"), ("a\u{315}\u{300}\u{5AE}b", "\u{E0}\u{5AE}\u{315}b"),
        ("plain, naïve \u{1F600} 中", "plain, naïve \u{1F600} 中"),
        ("a\u{334}\u{301}", "\u{E1}\u{334}"), ("a\u{301}\u{301}", "\u{E1}\u{301}"),
        // The reference knows Unicode 9: this composite of Unicode 13 and this mark of 14 it leaves alone.
        ("\u{11935}\u{11930}", "\u{11935}\u{11930}"), ("a\u{C3C}\u{334}", "a\u{C3C}\u{334}"),
    ])
    func compositionMatchesTheStandard(text: String, expected: String) {
        let found = Normalizer.nfc.normalized(text)
        #expect(sameScalars(found, expected), "\(found.unicodeScalars.map(\.value))")
    }

    @Test func normalisingTwiceChangesNothing() {
        var generator = SplitMix(seed: 11)
        for _ in 0..<3000 {
            let once = Normalizer.nfc.normalized(generator.text())
            #expect(sameScalars(Normalizer.nfc.normalized(once), once))
        }
    }

    private static let sentencePiece = Normalizer(steps: [
        .prepend(Array("▁".utf8)), .replace(Array(" ".utf8), with: Array("▁".utf8)),
    ])

    @Test(arguments: [
        ("", ""), ("a b", "▁a▁b"), (" a  ", "▁▁a▁▁"), ("▁a", "▁▁a"),
        ("\u{E9} \u{1F600}", "▁\u{E9}▁\u{1F600}"),
    ])
    func prefixAndMarks(text: String, expected: String) {
        #expect(sameScalars(Self.sentencePiece.normalized(text), expected))
    }

    @Test(arguments: [
        ("ab", "x", "aab.ab", "ax.x"), ("aa", "", "aaaaa", "a"), ("aa", "a", "aaaa", "aa"),
        ("b", "bb", "abc", "abbc"),
        ("abc", "x", "ab", "ab"),
    ])
    func replacingGoesFromTheLeftAndNotBack(old: String, new: String, text: String, expected: String) {
        let normalizer = Normalizer(steps: [.replace(Array(old.utf8), with: Array(new.utf8))])
        #expect(normalizer.normalized(text) == expected)
    }

    @Test func stepsWorkInOrder() {
        let steps: [Normalizer.Step] = [.replace(Array("x".utf8), with: Array("\u{301}".utf8)), .nfc]
        #expect(sameScalars(Normalizer(steps: steps).normalized("ex"), "\u{E9}"))
        #expect(sameScalars(Normalizer(steps: steps.reversed()).normalized("ex"), "e\u{301}"))
    }

    @Test func withoutANormaliserTextStays() {
        #expect(sameScalars(Normalizer.none.normalized("e\u{301}"), "e\u{301}"))
    }
}
