// Attention pattern of one head on one prompt: A[query, key], the share of its attention that the query
// position gives to the key position.
//
// Range: 0..1 on a fixed scale; each row sums to 1. Query rows from the top, key columns from the left, both
// by position (tokens repeat, so positions are the axes and tokens are their labels). Keys after the query
// are masked by the model and stay blank. Shows one prompt: nothing about how usual the pattern is.

import Foundation

/// One head's attention on one prompt, with tokens on both axes.
public struct AttentionPattern: Figure, Equatable {
    /// A position of the pattern to outline.
    public struct Cell: Hashable, Sendable {
        /// Position that attends.
        public var query: Int
        /// Position attended to.
        public var key: Int

        /// The cell of a query and a key position.
        public init(query: Int, key: Int) {
            self.query = query
            self.key = key
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// The tokens' texts, in order.
    public var tokens: [String]
    /// `pattern[query][key]`; entries with key > query are not drawn.
    public var pattern: [[Double]]
    /// Cells to outline, for example those that an induction head should attend to.
    public var highlighted: [Cell]
    /// What the outlined cells are: the legend's entry.
    public var highlightName: String

    /// The pattern of one head over `tokens`.
    ///
    /// - Precondition: one row per token and one column per token; outlined cells inside, key not after query.
    public init(
        title: FigureTitle,
        tokens: [String],
        pattern: [[Double]],
        highlighted: [Cell] = [],
        highlightName: String = "induction target"
    ) {
        Self.check(tokens: tokens, pattern: pattern, highlighted: highlighted)
        self.title = title
        self.tokens = tokens
        self.pattern = pattern
        self.highlighted = highlighted
        self.highlightName = highlightName
    }

    /// The specification of the picture.
    public var spec: Spec {
        let panel = AttentionPanel(
            tokens: tokens,
            pattern: pattern,
            highlighted: highlighted,
            highlightName: highlightName,
            tokensName: "tokens",
            room: 480
        )
        var view = panel.view
        view.title = title.view(width: panel.side + 160, notes: panel.notes)
        return Spec(
            description: title.description("Attention pattern over \(tokens.count) tokens"),
            params: [panel.parameter],
            view: view
        )
    }

    static func check(tokens: [String], pattern: [[Double]], highlighted: [Cell]) {
        precondition(!tokens.isEmpty, "An attention pattern needs at least one token.")
        precondition(
            pattern.count == tokens.count && pattern.allSatisfy { $0.count == tokens.count },
            """
            An attention pattern over \(tokens.count) tokens has \(tokens.count) rows of \(tokens.count); \
            found \(pattern.count) rows of \(Set(pattern.map(\.count)).sorted()).
            """
        )
        precondition(
            highlighted.allSatisfy { $0.key >= 0 && $0.key <= $0.query && $0.query < tokens.count },
            "An outlined cell has 0 <= key <= query < \(tokens.count)."
        )
    }
}
