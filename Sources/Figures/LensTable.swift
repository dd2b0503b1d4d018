// The logit lens as a table: at every row of the residual stream and every position, the token that the lens
// puts first, coloured by its probability.
//
// Rows: the embedding, then the residual stream after each block, in the order of computation; the last row
// is the model's own prediction. Columns: positions with the tokens read there, so a cell predicts what
// follows its column's token. Range: probabilities, 0..1 on a fixed scale. The lens reads early rows with
// the final norm and unembedding, which were not trained on them.

import Foundation

/// Top tokens of the logit lens by layer and position.
public struct LensTable: Figure, Equatable {
    /// The token that a lens puts first.
    public struct Top: Equatable, Sendable {
        /// Its text.
        public var token: String
        /// Its probability; nil (or a number that is not finite) where undefined.
        public var probability: Double?

        /// A token with its probability.
        public init(token: String, probability: Double?) {
            self.token = token
            self.probability = probability
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// The prompt's tokens, in order.
    public var tokens: [String]
    /// `top[row][position]`: row 0 the embedding, row l the residual stream after block l.
    public var top: [[Top]]
    /// The largest number of positions drawn.
    public var limit: Int

    /// A table of `top[row][position]`, of which the last `limit` positions are drawn.
    ///
    /// - Precondition: at least one row and one token; a cell per token in every row; `limit` is positive.
    public init(title: FigureTitle, tokens: [String], top: [[Top]], limit: Int = 16) {
        precondition(!tokens.isEmpty && !top.isEmpty, "A table of the lens needs a row and a position.")
        precondition(
            top.allSatisfy { $0.count == tokens.count },
            "Every row has a cell for each of \(tokens.count) tokens; found \(top.map(\.count))."
        )
        precondition(limit > 0, "A table shows at least one position; found the limit \(limit).")
        self.title = title
        self.tokens = tokens
        self.top = top
        self.limit = limit
    }

    /// The specification of the picture.
    public var spec: Spec {
        let first = max(0, tokens.count - limit)
        let shown = Array(tokens[first...])
        let cells = cells(from: first)
        let labels = cells.compactMap(\.text)
        let longest = labels.map(\.count).max() ?? 1
        let cellWidth = max(38, (Theme.width(ofCharacters: longest, fontSize: 10) + 6).rounded(.up))
        let axis = TokenAxis(tokens: shown, cell: cellWidth, parameterName: "tokens")
        let grid = CellGrid(
            columns: .init(
                field: "position",
                title: cellWidth * Double(shown.count) < 170 ? "token" : "position: token read",
                count: shown.count,
                axis: axis.axis(angle: -90)
            ),
            rows: .init(
                field: "row",
                title: "after block",
                count: top.count,
                axis: Axis(
                    labelExpr: Self.rowName,
                    labelOverlap: .shown(false),
                    domain: false,
                    ticks: false
                )
            ),
            cells: cells,
            valueName: "probability of the top token",
            scale: .unit,
            domain: 0...1,
            undefinedName: "undefined",
            cellKind: "place",
            printsTexts: true,
            cellWidth: cellWidth,
            cellHeight: 18
        )
        var view = grid.view
        let texts = shown + top.flatMap { $0[first...].map(\.token) }
        let notes = TokenLabel.notes(on: texts)
        view.title = title.view(
            width: grid.width + 130,
            notes: (first > 0 ? ["The last \(shown.count) of \(tokens.count) positions"] : [])
                + (notes.isEmpty ? [] : ["In the tokens, " + notes.joined(separator: "; ")])
        )
        return Spec(
            description: title.description(
                "Top token of the logit lens, \(top.count) rows by \(shown.count) positions"
            ),
            params: [axis.parameter],
            view: view
        )
    }

    /// Row 0 has no block before it.
    static let rowName = "datum.value === 0 ? 'embedding' : '' + datum.value"

    private func cells(from first: Int) -> [CellGrid.Cell] {
        top.enumerated().flatMap { row, ofRow in
            ofRow[first...].enumerated().map { position, top in
                let place = row == 0 ? "embedding" : "after block \(row)"
                return CellGrid.Cell(
                    row: row,
                    column: position,
                    value: top.probability,
                    name: "\(place), position \(first + position): \(TokenLabel.visible(top.token))",
                    text: TokenLabel.visible(top.token, limit: 10)
                )
            }
        }
    }
}
