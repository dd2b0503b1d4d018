// The plot that every heatmap of labelled rows and columns shows: a coloured cell per row and column.
//
// A cell without a value is grey with a diagonal stroke and named in the legend: never zero, never blank. A
// cell that is left out of `cells` stays blank: there is nothing at that place that could have a value.

import Foundation

/// Cells, axes, legend and, where they fit, the cells' texts.
struct CellGrid {
    /// One axis of the grid.
    struct Side {
        /// The field of the rows that places a cell along this side.
        var field: String
        /// The axis title.
        var title: String
        /// Number of cells along this side.
        var count: Int
        /// The axis; its labels are the places' numbers where it brings no others.
        var axis = Axis(labelOverlap: .shown("parity"), domain: false, ticks: false)
    }

    struct Cell {
        var row: Int
        var column: Int
        /// Nil (or not finite) where undefined.
        var value: Double?
        /// What the reader of a page sees on pointing at the cell.
        var name: String
        /// What stands in the cell; nil for its value.
        var text: String?
    }

    var columns: Side
    var rows: Side
    var cells: [Cell]
    var valueName: String
    var scale: ValueScale
    /// Reaches over the values of other grids too, where several share a legend.
    var domain: ClosedRange<Double>
    var undefinedName: String
    /// What a cell's name is: the tooltip's entry.
    var cellKind: String
    var printsTexts: Bool
    var cellWidth: Double
    var cellHeight: Double

    /// The largest number of cells whose values are printed.
    static let printedCells = 200

    static func isPrintable(rows: Int, columns: Int) -> Bool {
        // One row of numbers may be 200 columns long and still be unreadable: width decides as well.
        rows * columns <= printedCells && columns <= 32
    }

    /// Width of a cell: for its number where that is printed, else for its share of the room.
    static func width(
        columns: Int,
        room: Double,
        least: Double = 12,
        printing values: [Double]?,
        scale: ValueScale,
        domain: ClosedRange<Double>
    ) -> Double {
        let share = (room / Double(columns)).rounded(.down)
        guard let values else { return min(max(share, least), 36) }
        let longest = values.map { scale.text($0, in: domain).count }.max() ?? 1
        let needed = (Theme.width(ofCharacters: longest, fontSize: 10) + 8).rounded(.up)
        return max(needed, min(share, 44))
    }

    static func height(rows: Int, room: Double, least: Double = 12, isPrinted: Bool) -> Double {
        min(max((room / Double(rows)).rounded(.down), isPrinted ? 18 : least), 30)
    }

    static func finite(_ values: some Sequence<Double?>) -> [Double] {
        values.compactMap(\.self).filter(\.isFinite)
    }

    var width: Double { cellWidth * Double(columns.count) }
    var height: Double { cellHeight * Double(rows.count) }

    var view: View {
        var layers = [View.unit(mark, Encoding(color: color), transform: only(defined: true))]
        if cells.contains(where: { $0.value?.isFinite != true }) { layers += undefinedLayers }
        if printsTexts { layers.append(texts) }
        return .layered(layers, data: data, encoding: positions, width: width, height: height)
    }

    private var data: [Row] {
        cells.map { cell in
            var row: Row = [
                rows.field: DataValue(cell.row), columns.field: DataValue(cell.column),
                "name": .text(cell.name), "value": .measured(cell.value),
            ]
            if printsTexts, let value = cell.value, value.isFinite {
                row["shown"] = .text(cell.text ?? scale.text(value, in: domain))
                row["ink"] = .text(Palette.ink(on: scale.color(of: value, in: domain)))
            }
            return row
        }
    }

    private var positions: Encoding {
        Encoding(
            x: place(columns),
            y: place(rows, sort: .shown("ascending")),
            tooltip: [
                Channel(field: "name", type: .nominal, title: .shown(cellKind)),
                Channel(
                    field: "value",
                    type: .quantitative,
                    title: .shown(valueName.onOneLine),
                    format: scale == .unit ? ".4f" : "+.4~g"
                ),
            ]
        )
    }

    private func place(_ side: Side, sort: Removable<DataValue>? = nil) -> Channel {
        Channel(
            field: side.field,
            type: .ordinal,
            title: .shown(side.title),
            axis: .shown(side.axis),
            // Where cells are left out, whole rows or columns may be: the axis still names them.
            scale: isFull ? nil : Scale(domain: (0..<side.count).map { DataValue($0) }),
            sort: sort
        )
    }

    private var isFull: Bool { cells.count == rows.count * columns.count }

    func only(defined: Bool) -> [View.Transform] {
        [View.Transform(filter: (defined ? "" : "!") + "isValid(datum.value)")]
    }
}
