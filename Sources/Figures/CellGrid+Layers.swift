// What a grid of cells draws: colour with its legend, the undefined look, and the cells' texts.

import Foundation

extension CellGrid {
    /// A cell for every value of `values[row][column]`.
    static func cells(of values: [[Double?]], name: (Int, Int) -> String) -> [Cell] {
        values.enumerated().flatMap { row, ofRow in
            ofRow.enumerated().map { Cell(row: row, column: $0, value: $1, name: name(row, $0)) }
        }
    }

    private var isFine: Bool { rows.count * columns.count > Self.printedCells }

    var mark: Mark {
        // An edge of paper would wash out cells of a few pixels.
        Mark(
            type: .rect,
            stroke: Theme.paper,
            strokeWidth: min(cellWidth, cellHeight) < 6 ? 0 : (isFine ? 0.5 : 1)
        )
    }

    var color: Channel {
        Channel(
            field: "value",
            type: .quantitative,
            scale: scale.colorScale(for: domain),
            legend: .shown(
                Legend(
                    title: .shown(.list(FigureTitle.wrapped(valueName, columns: 18).map { .text($0) })),
                    labelExpr: scale == .unit ? nil : "datum.value === 0 ? '0' : datum.label",
                    gradientLength: min(max(height, 90), 200),
                    format: scale.format(for: domain),
                    values: scale.ticks(for: domain).map { .measured($0) }
                )
            )
        )
    }

    /// Grey, a diagonal stroke where a cell has room for one, and an entry in the legend.
    var undefinedLayers: [View] {
        var swatch = mark
        swatch.opacity = 1
        let fill = View.unit(
            swatch,
            Encoding(fill: UndefinedLook.fill(name: undefinedName)),
            transform: only(defined: false)
        )
        guard min(cellWidth, cellHeight) >= 6 else { return [fill] }
        let corner = { (field: String, place: Double) in
            Channel(field: field, type: .ordinal, bandPosition: place)
        }
        let stroke = Encoding(
            x: corner(columns.field, 0.05),
            x2: Channel(field: columns.field, bandPosition: 0.95),
            y: corner(rows.field, 0.95),
            y2: Channel(field: rows.field, bandPosition: 0.05)
        )
        return [fill, .unit(UndefinedLook.stroke, stroke, transform: only(defined: false))]
    }

    var texts: View {
        .unit(
            Mark(type: .text, baseline: "middle", fontSize: 10),
            Encoding(
                color: Channel(
                    value: .text(Palette.cellInk),
                    condition: .init(test: "datum.ink === '\(Theme.paleInk)'", value: .text(Theme.paleInk))
                ),
                text: Channel(field: "shown", type: .nominal)
            ),
            transform: only(defined: true)
        )
    }
}
