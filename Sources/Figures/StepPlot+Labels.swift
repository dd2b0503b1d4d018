// The header above a plot over steps, and the names at the right ends of its curves: at least a line apart, with
// a leader to the curve's last value.

import Foundation

extension StepPlot {
    func header(_ text: String) -> View {
        .unit(
            Mark(type: .text, align: "left", baseline: "bottom", fontSize: 11, tooltip: .removed),
            Encoding(
                x: Channel(value: 0),
                y: Channel(value: -6),
                color: Channel(value: .text(Theme.ink)),
                text: Channel(field: "shown", type: .nominal)
            ),
            data: [["shown": .text(TokenLabel.shortened(text, limit: Int(steps.width / 4.4)))]]
        )
    }

    /// Leader, swatch and name of every line with a label and a value.
    var labels: [View] {
        let ends = lines.enumerated().compactMap { index, line in
            line.label.flatMap { label in
                line.series.end.map { (index: index, label: label, step: $0.step, value: $0.value) }
            }
        }
        guard !ends.isEmpty else { return [] }
        let places = PlotLayout.spread(
            ends.map { min(max(values.pixel($0.value, height: height), 0), height) },
            step: Self.labelStep,
            height: height
        )
        let rows: [Row] = zip(ends, places).map { end, place in
            [
                "line": .text("\(end.index)"), "x": .number(steps.place(Double(end.step))),
                "end": .measured(min(max(end.value, values.domain.lowerBound), values.domain.upperBound)),
                "label": .number(values.value(atPixel: place, height: height)), "shown": .text(end.label),
            ]
        }
        let side = { (dx: Double) in Channel(value: .number(steps.width + dx)) }
        return [
            .unit(
                Mark(type: .rule, strokeDash: [1, 2], strokeWidth: 1, tooltip: .removed),
                Encoding(x: x("x"), x2: side(8), y: y("end"), y2: Channel(field: "label"), color: color),
                data: rows
            ),
            .unit(
                Mark(type: .point, filled: true, opacity: 1, size: 30, tooltip: .removed),
                Encoding(x: side(14), y: y("label"), color: color, shape: shape),
                data: rows
            ),
            .unit(
                Mark(type: .text, align: "left", baseline: "middle", dx: 21, fontSize: 11, tooltip: .removed),
                Encoding(
                    x: Channel(value: "width"),
                    y: y("label"),
                    color: Channel(value: .text(Theme.ink)),
                    text: Channel(field: "shown", type: .nominal)
                ),
                data: rows
            ),
        ]
    }
}
