// Heatmap of one number per layer and position of a prompt: what patching the residual stream, an attention
// output or an MLP output there recovers, say.
//
// Layers as rows, layer 0 at the top; positions as columns, labelled with their tokens. Range: signed on a
// scale symmetric around zero, or 0..1. A cell without a value is grey with a diagonal stroke. Shows a mean
// over prompts, or one prompt: the tokens are one prompt's either way. Does not show uncertainty.

import Foundation

/// Layers by positions, coloured by a value. Up to 200 cells also print it.
public struct LayerPositionHeatmap: Figure, Equatable {
    /// What stands above the figure.
    public var title: FigureTitle
    /// What a value is, with its unit: the legend's title.
    public var valueName: String
    /// The tokens' texts, or what stands at each position in every prompt, in order.
    public var tokens: [String]
    /// `values[layer][position]`; nil (or a number that is not finite) where the value is undefined.
    public var values: [[Double?]]
    /// The range of the values.
    public var scale: ValueScale
    /// Why a value can be undefined: the legend's entry for such cells.
    public var undefinedName: String

    /// A heatmap of `values[layer][position]`.
    ///
    /// - Precondition: at least one layer and one position; a value per token in every layer.
    public init(
        title: FigureTitle,
        valueName: String,
        tokens: [String],
        values: [[Double?]],
        scale: ValueScale = .signed(),
        undefinedName: String = "undefined"
    ) {
        precondition(!tokens.isEmpty && !values.isEmpty, "A heatmap needs a layer and a position.")
        precondition(
            values.allSatisfy { $0.count == tokens.count },
            "Every layer has a value for each of \(tokens.count) tokens; found \(values.map(\.count))."
        )
        self.title = title
        self.valueName = valueName
        self.tokens = tokens
        self.values = values
        self.scale = scale
        self.undefinedName = undefinedName
    }

    /// The specification of the picture.
    public var spec: Spec {
        let finite = CellGrid.finite(values.joined())
        let domain = scale.domain(for: finite)
        let isPrinted = CellGrid.isPrintable(rows: values.count, columns: tokens.count)
        let cellWidth = CellGrid.width(
            columns: tokens.count,
            room: 768,
            least: 3,
            printing: isPrinted ? finite : nil,
            scale: scale,
            domain: domain
        )
        let axis = TokenAxis(tokens: tokens, cell: cellWidth, parameterName: "tokens")
        let grid = CellGrid(
            columns: .init(
                field: "position",
                title: "position",
                count: tokens.count,
                axis: axis.axis(angle: -90)
            ),
            rows: .init(field: "layer", title: "layer", count: values.count),
            cells: CellGrid.cells(of: values) { layer, position in
                "layer \(layer), position \(position): \(TokenLabel.visible(tokens[position]))"
            },
            valueName: valueName,
            scale: scale,
            domain: domain,
            undefinedName: undefinedName,
            cellKind: "place",
            printsTexts: isPrinted,
            cellWidth: cellWidth,
            cellHeight: CellGrid.height(rows: values.count, room: 480, isPrinted: isPrinted)
        )
        var view = grid.view
        view.title = title.view(width: grid.width + 130, notes: axis.notes)
        return Spec(
            description: title.description(
                "Heatmap of \(valueName.onOneLine), \(values.count) layers by \(tokens.count) positions"
            ),
            params: [axis.parameter],
            view: view
        )
    }
}
