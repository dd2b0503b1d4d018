// Names at the right ends of the curves: beside the plot, at least a line apart, with a leader to the curve.

import Foundation

extension CurvePlot {
    /// Where a curve ends, and what is written there; `series` is nil for the null.
    private struct End {
        var series: Int?
        var depth: Double
        var mean: Double
        var text: String
    }

    private func end(of curve: LayerCurve, series: Int?, text: String) -> End? {
        guard let last = curve.means.indices.last(where: { curve.mean($0) != nil }),
            let mean = curve.mean(last)
        else { return nil }
        return End(series: series, depth: place(of: last, in: curve), mean: mean, text: text)
    }

    /// Leader, swatch and name of every curve with a value, and of the null.
    var labelLayers: [View] {
        var ends = zip(curves, labels).enumerated().compactMap { index, item in
            end(of: item.0, series: index + firstStyle, text: item.1)
        }
        if let null, let end = end(of: null, series: nil, text: Self.label(null.name)) { ends.append(end) }
        let domain = valueDomain
        let span = domain.upperBound - domain.lowerBound
        let places = PlotLayout.spread(
            ends.map { (domain.upperBound - $0.mean) / span * height },
            step: Self.labelStep,
            height: height
        )
        let rows: [(isNull: Bool, row: Row)] = zip(ends, places).map { end, place in
            (
                end.series == nil,
                [
                    "series": .text(end.series.map { "\($0)" } ?? "null"), "depth": .measured(end.depth),
                    "mean": .measured(end.mean), "shown": .text(end.text),
                    "label": .measured(domain.upperBound - place / height * span),
                ]
            )
        }
        let ofNull = rows.filter(\.isNull).map(\.row)
        let grey = Channel(value: .text(Theme.line))
        var layers = [
            View(
                data: .init(values: rows.filter { !$0.isNull }.map(\.row)),
                layer: [
                    leaders(color: nil),
                    swatches(shape: identity(Palette.shapes.map { .text($0) }), color: nil), names,
                ]
            )
        ]
        if !ofNull.isEmpty {
            layers.append(
                View(
                    data: .init(values: ofNull),
                    layer: [
                        leaders(color: grey), swatches(shape: Channel(value: "square"), color: grey), names,
                    ]
                )
            )
        }
        return layers
    }

    private func leaders(color: Channel?) -> View {
        .unit(
            Mark(type: .rule, strokeDash: [1, 2], strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: depthChannel(),
                x2: Channel(value: .number(width + 10)),
                y: valueChannel("mean"),
                y2: Channel(field: "label"),
                color: color
            )
        )
    }

    /// The curve's point again, beside its name: curves may end in the same place.
    private func swatches(shape: Channel, color: Channel?) -> View {
        .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 34),
            Encoding(
                x: Channel(value: .number(width + 16)),
                y: valueChannel("label"),
                color: color,
                shape: shape
            )
        )
    }

    private var names: View {
        .unit(
            Mark(type: .text, align: "left", baseline: "middle", dx: 23, fontSize: 11),
            Encoding(
                x: Channel(value: "width"),
                y: valueChannel("label"),
                color: Channel(value: .text(Theme.ink)),
                text: Channel(field: "shown", type: .nominal)
            )
        )
    }
}
