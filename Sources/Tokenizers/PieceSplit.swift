// One cut of text into pieces: by an expression, with a rule for what becomes of the matches.

/// A split named in a tokenizer file.
struct PieceSplit: Sendable, Equatable {
    /// What becomes of the matches.
    enum Behavior: String, Sendable, CaseIterable {
        /// Each is a piece.
        case isolated = "Isolated"
        /// They are dropped.
        case removed = "Removed"
        /// Each ends the piece before it.
        case mergedWithPrevious = "MergedWithPrevious"
        /// Each begins the piece after it.
        case mergedWithNext = "MergedWithNext"
    }

    let pattern: WordPattern
    let behavior: Behavior
    /// Whether what lies between the matches takes their part.
    var isInverted = false

    /// Words between white space, which is dropped.
    static let whitespace = PieceSplit(pattern: WordPattern(known: #"\s"#), behavior: .removed)
    /// The words of GPT-2.
    static let gpt2 = PieceSplit(pattern: .gpt2, behavior: .isolated)
    /// Words with the marks (U+2581) before them; asked for by no file, see ``MergeList/neverCrossesMark``.
    static let marks = PieceSplit(
        pattern: WordPattern(known: "\u{2581}+[^\u{2581}]*|[^\u{2581}]+"),
        behavior: .isolated
    )
    /// Each digit by itself. Of these the reference asks a newer Unicode than of expressions.
    static let digits = PieceSplit(
        pattern: WordPattern(known: "[\\p{N}\u{11DE0}-\u{11DE9}\u{16FF4}-\u{16FF6}]"),
        behavior: .isolated
    )

    /// Calls `body` with each piece of `range`, which must hold valid UTF-8.
    @inline(__always)
    func forEachPiece(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        switch behavior {
        case .isolated: try pattern.forEachPart(bytes, in: range) { part, _ in try body(part) }
        case .removed:
            try pattern.forEachPart(bytes, in: range) { part, isMatch in
                if isMatch == isInverted { try body(part) }
            }
        case .mergedWithPrevious:
            var piece: Range<Int>?
            var endsInMatch = false
            try pattern.forEachPart(bytes, in: range) { part, isMatch in
                let isMatch = isMatch != isInverted
                if let before = piece, isMatch, !endsInMatch {
                    piece = before.lowerBound..<part.upperBound
                } else {
                    if let before = piece { try body(before) }
                    piece = part
                }
                endsInMatch = isMatch
            }
            if let piece { try body(piece) }
        case .mergedWithNext:
            // A match waits for text to begin; another match lets it go alone.
            var waiting: Range<Int>?
            try pattern.forEachPart(bytes, in: range) { part, isMatch in
                if isMatch != isInverted {
                    if let match = waiting { try body(match) }
                    waiting = part
                } else {
                    try body((waiting ?? part).lowerBound..<part.upperBound)
                    waiting = nil
                }
            }
            if let waiting { try body(waiting) }
        }
    }
}
