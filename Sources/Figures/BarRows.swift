// Named rows with a bar, whiskers and the numbers beside the plot: what the figures of bars draw.

import Foundation

/// Horizontal bars from zero, one below the other, in the order that they come in.
struct BarRows {
    var entries: [RankedBars.Entry]
    var valueName: String
    /// How a value is written beside the plot.
    var text: (Double) -> String
    var fill: Channel
    /// The scale of the values, the same for bars, whiskers and lines over them.
    var scale: Scale
    /// Lines over the bars.
    var lines: [View] = []

    /// Name of the specification's parameter that holds the rows' names.
    private static let namesParameter = "names"
    static let width = 340.0

    var parameter: Spec.Parameter {
        .init(
            name: Self.namesParameter,
            value: .list(entries.map { .text(TokenLabel.shortened($0.label)) })
        )
    }

    var view: View {
        .layered(
            [bars, interval, cap("low"), cap("high"), numbers] + lines,
            data: rows,
            encoding: rankAxis,
            width: Self.width,
            height: 19 * Double(max(entries.count, 1))
        )
    }

    private var rows: [Row] {
        entries.enumerated().map { rank, entry in
            var row: Row = [
                "rank": DataValue(rank), "name": .text(entry.label.onOneLine),
                "value": .measured(entry.value),
            ]
            guard let value = entry.value, value.isFinite else {
                row["shown"] = "undefined"
                return row
            }
            var shown = text(value)
            if let low = entry.low, let high = entry.high, low.isFinite, high.isFinite {
                row["low"] = .measured(low)
                row["high"] = .measured(high)
                shown += "  [\(text(low)), \(text(high))]"
            }
            row["shown"] = .text(shown)
            return row
        }
    }

    private var rankAxis: Encoding {
        Encoding(
            y: Channel(
                field: "rank",
                type: .ordinal,
                title: .removed,
                axis: .shown(
                    Axis(
                        labelExpr: "\(Self.namesParameter)[datum.value]",
                        labelLimit: 160,
                        labelPadding: 6,
                        domain: false,
                        ticks: false
                    )
                ),
                scale: Scale(
                    domain: entries.isEmpty ? nil : entries.indices.map { DataValue($0) },
                    paddingInner: 0.25,
                    paddingOuter: 0.15
                ),
                sort: .shown("ascending")
            )
        )
    }

    func valueAxis(_ field: String) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown(valueName.onOneLine),
            axis: .shown(Axis(labelFlush: false, grid: true, domain: false, ticks: false, tickCount: 6)),
            scale: scale
        )
    }

    private var bars: View {
        .unit(
            Mark(type: .bar),
            Encoding(
                x: valueAxis("value"),
                color: fill,
                tooltip: [
                    Channel(field: "name", type: .nominal, title: .shown("name")),
                    Channel(field: "shown", type: .nominal, title: .shown(valueName.onOneLine)),
                ]
            )
        )
    }

    private var withInterval: [View.Transform] { [View.Transform(filter: "isValid(datum.low)")] }

    private var interval: View {
        .unit(
            Mark(type: .rule, color: Theme.ink, strokeWidth: 1.2),
            Encoding(x: valueAxis("low"), x2: Channel(field: "high")),
            transform: withInterval
        )
    }

    private func cap(_ field: String) -> View {
        .unit(
            Mark(type: .tick, color: Theme.ink, opacity: 1, size: 7, thickness: 1.2),
            Encoding(x: valueAxis(field)),
            transform: withInterval
        )
    }

    /// Values in a column right of the plot, where no whisker runs through them.
    private var numbers: View {
        .unit(
            Mark(type: .text, align: "left", baseline: "middle", dx: 10, fontSize: 10),
            Encoding(
                x: Channel(value: "width"),
                color: Channel(value: .text(Theme.ink)),
                text: Channel(field: "shown", type: .nominal)
            )
        )
    }

    /// From the top to the bottom: on the rows' own places a rule would be as long as a bar is thick.
    static var zeroLine: View {
        .unit(
            Mark(type: .rule, color: Theme.line, strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: Channel(datum: 0, type: .quantitative),
                y: Channel(value: 0),
                y2: Channel(value: "height")
            ),
            data: [[:]]
        )
    }
}
