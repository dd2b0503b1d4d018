// Attention patterns of several heads side by side, on one colour scale.
//
// Range: 0..1 on a fixed scale, the same in every panel. Axes, masking and limits as in `AttentionPattern`.

import Foundation

/// Small multiples of attention patterns: the best heads, say, each on its clearest prompt.
public struct AttentionPatterns: Figure, Equatable {
    /// One head's pattern.
    public struct Panel: Equatable, Sendable {
        /// What stands above the panel: the head and its score.
        public var title: String
        /// The tokens' texts, in order.
        public var tokens: [String]
        /// `pattern[query][key]`; entries with key > query are not drawn.
        public var pattern: [[Double]]
        /// Cells to outline.
        public var highlighted: [AttentionPattern.Cell]

        /// The pattern of one head over `tokens`.
        ///
        /// - Precondition: as for ``AttentionPattern``.
        public init(
            title: String,
            tokens: [String],
            pattern: [[Double]],
            highlighted: [AttentionPattern.Cell] = []
        ) {
            AttentionPattern.check(tokens: tokens, pattern: pattern, highlighted: highlighted)
            self.title = title
            self.tokens = tokens
            self.pattern = pattern
            self.highlighted = highlighted
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// The panels, in reading order.
    public var panels: [Panel]
    /// Panels in a row.
    public var columns: Int
    /// What the outlined cells are: the legend's entry.
    public var highlightName: String

    /// Panels in rows of `columns`.
    ///
    /// - Precondition: at least one panel and one column.
    public init(
        title: FigureTitle,
        panels: [Panel],
        columns: Int = 2,
        highlightName: String = "induction target"
    ) {
        precondition(!panels.isEmpty, "Attention patterns need at least one panel.")
        precondition(columns > 0, "Panels stand in at least one column; found \(columns).")
        self.title = title
        self.panels = panels
        self.columns = columns
        self.highlightName = highlightName
    }

    /// The specification of the picture.
    public var spec: Spec {
        let columns = min(columns, panels.count)
        let plots = panels.enumerated().map { index, panel in
            AttentionPanel(
                tokens: panel.tokens,
                pattern: panel.pattern,
                highlighted: panel.highlighted,
                highlightName: highlightName,
                tokensName: "tokens\(index)",
                room: columns == 1 ? 480 : 320
            )
        }
        let views = zip(panels, plots).map { panel, plot in
            var view = plot.view
            view.title = View.Title(
                text: FigureTitle.wrapped(panel.title, columns: max(16, Int(plot.side / 6.5))),
                anchor: "middle",
                frame: "group",
                fontSize: 12,
                offset: 6
            )
            return view
        }
        var view = View.grid(views, columns: columns, spacing: 28)
        let width = plots.map(\.side).max() ?? 0
        view.title = title.view(width: (width + 80) * Double(columns), notes: Self.notes(of: plots))
        view.resolve = View.Resolve(scale: ["color": "shared", "stroke": "shared"])
        return Spec(
            description: title.description("Attention patterns of \(panels.count) heads"),
            params: plots.map(\.parameter),
            view: view
        )
    }

    /// The panels' notes, each once.
    private static func notes(of plots: [AttentionPanel]) -> [String] {
        var notes: [String] = []
        for note in plots.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
        return notes
    }
}
