import Testing

@testable import Figures

@Suite struct TokenLabelTests {
    @Test(arguments: [
        (" the", "·the"), ("\n", "¶"), ("a\tb", "a→b"), ("", "∅"), ("\"q\"", "\"q\""), ("\\n", "\\n"),
        ("<b>", "<b>"), ("\u{202e}x", "‹202E›x"), ("\u{0}", "‹0›"), ("\u{feff}", "‹FEFF›"), ("\u{a0}", "·"),
        ("\r", "‹D›"), ("\u{ffff}", "‹FFFF›"), ("日本", "日本"), ("\u{fffd}", "\u{fffd}"),
        ("exactlyfourtee", "exactlyfourtee"), ("fifteen letters", "fifteen·lette…"),
    ])
    func everyCharacterIsVisibleOnOneLine(token: String, label: String) {
        #expect(TokenLabel.visible(token) == label)
    }

    @Test func labelsCanBeShorterStill() {
        #expect(TokenLabel.visible(" four letters", limit: 6) == "·four…")
    }

    @Test func aLabelIsShortHoweverManyMarksACharacterCarries() {
        let token = "e" + String(repeating: "\u{301}", count: 5000)
        #expect(TokenLabel.visible(token).unicodeScalars.count == 14)
    }
}
