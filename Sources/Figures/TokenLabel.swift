// Token texts as axis labels: one short line, every character visible.
//
// A space is "·", a newline "¶", a tab "→"; every other control or format character (bidirectional
// overrides, zero-width joins, surrogate halves shown as U+FFFD excepted) is written as its code point, so
// that a hostile or half-decoded token cannot hide, break or turn round a label. An empty token is "∅". Only
// glyphs of Latin-1 and the common symbol sets are used, which every sans-serif font has.

import Foundation

enum TokenLabel {
    /// The longest label, in characters; longer tokens end in "…".
    static let limit = 14

    /// The label of a token, at most `limit` characters long.
    static func visible(_ token: String, limit: Int = limit) -> String {
        if token.isEmpty { return "∅" }
        var label = ""
        for scalar in token.unicodeScalars {
            // Counted in scalars: a character may carry thousands of combining marks.
            if label.unicodeScalars.count >= limit {
                let kept = label.unicodeScalars.prefix(limit - 1)
                return String(String.UnicodeScalarView(kept)) + "…"
            }
            label += glyph(scalar)
        }
        return label
    }

    /// What the labels of these tokens write for characters that cannot be seen.
    static func notes(on tokens: [String]) -> [String] {
        (tokens.contains { $0.contains(" ") } ? ["· is a space"] : [])
            + (tokens.contains { $0.contains("\n") } ? ["¶ is a line break"] : [])
    }

    /// A name on one line, at most `limit` characters long.
    static func shortened(_ name: String, limit: Int = 28) -> String {
        let line = name.onOneLine
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }

    private static func glyph(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": return "·"
        case "\n": return "¶"
        case "\t": return "→"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            return "‹" + String(scalar.value, radix: 16, uppercase: true) + "›"
        case .spaceSeparator:
            return "·"
        default:
            return String(Character(scalar))
        }
    }
}
