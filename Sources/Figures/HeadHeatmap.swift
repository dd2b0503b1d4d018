// Heatmap of one number per attention head: layers as rows, layer 0 at the top (the order of a table and of
// the usual plots of head scores), heads as columns.
//
// Range: 0..1 on a fixed scale, or signed on a scale symmetric around zero, so that two heatmaps of a kind
// can be compared by eye. A head without a value is grey with a diagonal stroke and named in the legend:
// never zero. Does not show uncertainty; `RankedBars` does.

import Foundation

/// Layers by heads, coloured by a score. Up to 200 cells also print their value.
public struct HeadHeatmap: Figure, Equatable {
    /// What stands above the figure.
    public var title: FigureTitle
    /// What a value is, with its unit: the legend's title.
    public var valueName: String
    /// `values[layer][head]`; nil (or a number that is not finite) where the value is undefined.
    public var values: [[Double?]]
    /// The range of the values.
    public var scale: ValueScale
    /// Why a value can be undefined: the legend's entry for such heads.
    public var undefinedName: String

    /// A heatmap of `values[layer][head]`.
    ///
    /// - Precondition: at least one layer and one head; the same number of heads in every layer.
    public init(
        title: FigureTitle,
        valueName: String,
        values: [[Double?]],
        scale: ValueScale = .unit,
        undefinedName: String = "undefined"
    ) {
        let heads = values.first?.count ?? 0
        precondition(heads > 0, "A heatmap needs at least one layer and one head.")
        precondition(
            values.allSatisfy { $0.count == heads },
            "Every layer of a heatmap has the same number of heads; found \(values.map(\.count))."
        )
        self.title = title
        self.valueName = valueName
        self.values = values
        self.scale = scale
        self.undefinedName = undefinedName
    }

    /// The specification of the picture.
    public var spec: Spec {
        let heads = values[0].count
        let finite = CellGrid.finite(values.joined())
        let domain = scale.domain(for: finite)
        let isPrinted = CellGrid.isPrintable(rows: values.count, columns: heads)
        let grid = CellGrid(
            columns: .init(
                field: "head",
                title: "head",
                count: heads,
                axis: Axis(labelAngle: 0, labelOverlap: .shown("parity"), domain: false, ticks: false)
            ),
            rows: .init(field: "layer", title: "layer", count: values.count),
            cells: CellGrid.cells(of: values) { "L\($0)H\($1)" },
            valueName: valueName,
            scale: scale,
            domain: domain,
            undefinedName: undefinedName,
            cellKind: "head",
            printsTexts: isPrinted,
            cellWidth: CellGrid.width(
                columns: heads,
                room: 620,
                printing: isPrinted ? finite : nil,
                scale: scale,
                domain: domain
            ),
            cellHeight: CellGrid.height(rows: values.count, room: 480, isPrinted: isPrinted)
        )
        var view = grid.view
        view.title = title.view(width: grid.width + 130)
        return Spec(
            description: title.description(
                "Heatmap of \(valueName.onOneLine), \(values.count) layers by \(heads) heads"
            ),
            view: view
        )
    }
}
