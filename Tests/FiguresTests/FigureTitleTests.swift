import Testing

@testable import Figures

@Suite struct FigureTitleTests {
    @Test(arguments: [
        ("one two three", 7, ["one two", "three"]), ("", 5, [""]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("a\nb\u{0}c", 9, ["a b c"]), ("exact", 5, ["exact"]),
    ])
    func linesAreWrappedAtSpaces(text: String, columns: Int, lines: [String]) {
        #expect(FigureTitle.wrapped(text, columns: columns) == lines)
    }

    @Test func notesFollowTheSubtitle() {
        let view = FigureTitle("T", subtitle: ["model"]).view(width: 500, notes: ["note"])
        #expect(view.text == ["T"])
        #expect(view.subtitle == ["model", "note"])
        #expect(FigureTitle("T").view(width: 500).subtitle == nil)
    }
}
