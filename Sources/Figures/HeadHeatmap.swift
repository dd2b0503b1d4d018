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

    /// The largest number of cells whose values are printed.
    static let printedCells = 200

    /// The specification of the picture.
    public var spec: Spec {
        let (width, height) = (cellWidth * Double(heads), cellHeight * Double(values.count))
        var layers = [
            View.unit(cell, Encoding(color: colorChannel(plotHeight: height)), transform: only(defined: true))
        ]
        if hasUndefined {
            layers += undefinedLayers
        }
        if printsValues {
            layers.append(valueLayer)
        }
        var view = View.layered(
            layers,
            data: rows,
            encoding: positions,
            width: width,
            height: height
        )
        view.title = title.view(width: width + 130)
        return Spec(
            description: title.description(
                "Heatmap of \(valueName.onOneLine), \(values.count) layers by \(heads) heads"
            ),
            view: view
        )
    }

    private var heads: Int { values[0].count }
    private var isLarge: Bool { values.count * heads > Self.printedCells }
    private var finite: [Double] { values.joined().compactMap(\.self).filter(\.isFinite) }
    private var hasUndefined: Bool { finite.count < values.count * heads }
    private var domain: ClosedRange<Double> { scale.domain(for: finite) }

    /// One row of numbers may be 200 heads long and still be unreadable: width decides as well.
    private var printsValues: Bool { !isLarge && heads <= 32 }

    private var cellWidth: Double {
        let room = (620 / Double(heads)).rounded(.down)
        guard printsValues else { return min(max(room, 12), 36) }
        let longest = finite.map { scale.text($0, in: domain).count }.max() ?? 1
        let needed = (Theme.width(ofCharacters: longest, fontSize: 10) + 8).rounded(.up)
        return max(needed, min(room, 44))
    }

    private var cellHeight: Double {
        let room = (480 / Double(values.count)).rounded(.down)
        return min(max(room, printsValues ? 18 : 12), 30)
    }

    private var rows: [Row] {
        let domain = domain
        var rows: [Row] = []
        for (layer, ofLayer) in values.enumerated() {
            for (head, value) in ofLayer.enumerated() {
                var row: Row = [
                    "layer": DataValue(layer), "head": DataValue(head), "name": .text("L\(layer)H\(head)"),
                    "value": .measured(value),
                ]
                if printsValues, let value, value.isFinite {
                    row["shown"] = .text(scale.text(value, in: domain))
                    row["ink"] = .text(Palette.ink(on: scale.color(of: value, in: domain)))
                }
                rows.append(row)
            }
        }
        return rows
    }

    private var positions: Encoding {
        Encoding(
            x: Channel(
                field: "head",
                type: .ordinal,
                title: .shown("head"),
                axis: .shown(Axis(labelAngle: 0, labelOverlap: .shown("parity"), domain: false, ticks: false))
            ),
            y: Channel(
                field: "layer",
                type: .ordinal,
                title: .shown("layer"),
                axis: .shown(Axis(labelOverlap: .shown("parity"), domain: false, ticks: false)),
                sort: .shown("ascending")
            ),
            tooltip: [
                Channel(field: "name", type: .nominal, title: .shown("head")),
                Channel(
                    field: "value",
                    type: .quantitative,
                    title: .shown(valueName.onOneLine),
                    format: scale == .unit ? ".4f" : "+.4~g"
                ),
            ]
        )
    }

    private var cell: Mark {
        Mark(type: .rect, stroke: Theme.paper, strokeWidth: isLarge ? 0.5 : 1)
    }

    private func only(defined: Bool) -> [View.Transform] {
        [View.Transform(filter: (defined ? "" : "!") + "isValid(datum.value)")]
    }

    private func colorChannel(plotHeight: Double) -> Channel {
        let domain = domain
        return Channel(
            field: "value",
            type: .quantitative,
            scale: scale.colorScale(for: domain),
            legend: .shown(
                Legend(
                    title: .shown(.list(FigureTitle.wrapped(valueName, columns: 18).map { .text($0) })),
                    labelExpr: scale == .unit ? nil : "datum.value === 0 ? '0' : datum.label",
                    gradientLength: min(max(plotHeight, 90), 200),
                    format: scale.format(for: domain),
                    values: scale.ticks(for: domain).map { .measured($0) }
                )
            )
        )
    }

    /// Grey, a diagonal stroke, and an entry in the legend.
    private var undefinedLayers: [View] {
        let name = DataValue.text(undefinedName.onOneLine)
        var swatch = cell
        swatch.opacity = 1
        let fill = Channel(
            datum: name,
            type: .nominal,
            scale: Scale(domain: [name], range: [.text(Theme.undefinedFill)]),
            legend: .shown(
                Legend(
                    title: .removed,
                    symbolType: "M-1,-1L1,-1L1,1L-1,1ZM-1,1L1,-1",
                    symbolSize: 130,
                    symbolStrokeColor: Theme.undefinedStroke,
                    symbolStrokeWidth: 1
                )
            )
        )
        let corner = { (field: String, place: Double) in
            Channel(field: field, type: .ordinal, bandPosition: place)
        }
        let stroke = Encoding(
            x: corner("head", 0.05),
            x2: Channel(field: "head", bandPosition: 0.95),
            y: corner("layer", 0.95),
            y2: Channel(field: "layer", bandPosition: 0.05)
        )
        return [
            .unit(swatch, Encoding(fill: fill), transform: only(defined: false)),
            .unit(
                Mark(type: .rule, color: Theme.undefinedStroke, strokeWidth: 1),
                stroke,
                transform: only(defined: false)
            ),
        ]
    }

    private var valueLayer: View {
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
