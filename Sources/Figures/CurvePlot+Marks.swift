// What a plot of curves draws for each curve: band, line or stems, points, peak; and the null below them.

import Foundation

extension CurvePlot {
    private func only(_ flag: String) -> [View.Transform] { [View.Transform(filter: "datum.\(flag)")] }

    private var dot: Mark { Mark(type: .point, filled: true, opacity: 1, size: width < 300 ? 20 : 34) }

    /// The interval: an area, or a bar where no neighbour has one.
    func bands(color: Channel?) -> [View] {
        let encoding = Encoding(
            x: depthChannel(),
            y: valueChannel("low"),
            y2: Channel(field: "high"),
            color: color
        )
        let opacity = color != nil ? 0.28 : (curves.count > 4 ? 0.1 : 0.18)
        return [
            .unit(Mark(type: .area, opacity: opacity, tooltip: .removed), encoding),
            .unit(
                Mark(type: .rule, opacity: opacity + 0.1, strokeWidth: 9, tooltip: .removed),
                encoding,
                transform: only("alone")
            ),
        ]
    }

    /// Lines or stems, with points.
    var lines: [View] {
        switch form {
        case .line: [line, points]
        case .stems: [stems, points, openings]
        }
    }

    private var line: View {
        .unit(
            Mark(type: .line, strokeWidth: 2),
            Encoding(
                x: bottomDepth,
                y: valueChannel("mean"),
                strokeDash: identity(Palette.dashes.map { .list($0.map { .number($0) }) })
            )
        )
    }

    private var stems: View {
        .unit(
            Mark(type: .rule, strokeWidth: 1.5),
            Encoding(x: bottomDepth, y: valueChannel("mean"), y2: Channel(datum: 0))
        )
    }

    /// Paper over the middle of the points that the null's band holds.
    private var openings: View {
        var encoding = Encoding(x: depthChannel(), y: valueChannel("mean"))
        encoding.color = Channel(value: .text(Theme.paper))
        return .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 9, tooltip: .removed),
            encoding,
            transform: only("inside")
        )
    }

    private var points: View {
        .unit(
            dot,
            Encoding(
                x: topDepth,
                y: valueChannel("mean"),
                shape: identity(Palette.shapes.map { .text($0) }),
                tooltip: [
                    Channel(field: "name", type: .nominal, title: .shown("curve")),
                    Channel(field: "layer", type: .quantitative, title: .shown("layer")),
                    Channel(
                        field: "mean",
                        type: .quantitative,
                        title: .shown(valueName.onOneLine),
                        format: ".4~g"
                    ),
                    Channel(field: "low", type: .quantitative, title: .shown("low"), format: ".4~g"),
                    Channel(field: "high", type: .quantitative, title: .shown("high"), format: ".4~g"),
                ]
            ),
            transform: only("dot")
        )
    }

    // MARK: Peaks

    var peakLayers: [View] {
        switch peaks {
        case .unmarked: []
        case .ringed: [rings]
        case .labelled: [rings] + peakName
        case .numbered: [rings] + peakNumbers
        }
    }

    private var rings: View {
        .unit(
            Mark(type: .point, filled: false, opacity: 1, size: 130, strokeWidth: 1.6, tooltip: .removed),
            Encoding(x: depthChannel(), y: valueChannel("mean")),
            transform: only("peak")
        )
    }

    /// The name of the only curve's peak, in the room above the curves, and a line down to the peak.
    private var peakName: [View] {
        guard let curve = curves.first, let peak = curve.peak else { return [] }
        let share = lastLayer > 0 ? Double(peak.layer) / Double(lastLayer) : 0.5
        let row: Row = [
            "depth": .measured(place(of: peak.layer, in: curve)), "mean": .measured(peak.mean),
            "shown": .text(peakText(of: curve, layer: peak.layer, mean: peak.mean)),
        ]
        let ink = Channel(value: .text(Theme.ink))
        return [
            .unit(
                Mark(type: .rule, strokeDash: [1, 2], strokeWidth: 1, tooltip: .removed),
                Encoding(x: depthChannel(), y: valueChannel("mean"), y2: Channel(value: 20), color: ink),
                data: [row]
            )
        ]
            + View.textOnPaper(
                Mark(
                    type: .text,
                    align: share < 0.34 ? "left" : (share > 0.66 ? "right" : "center"),
                    baseline: "middle",
                    fontSize: width < 300 ? 10 : 11
                ),
                Encoding(x: depthChannel(), y: Channel(value: 13), color: ink),
                data: [row]
            )
    }

    /// The curves' numbers, each beside its ring where no other ring or number is.
    private var peakNumbers: [View] {
        let domain = valueDomain
        let span = domain.upperBound - domain.lowerBound
        let peaks = curves.enumerated().compactMap { index, curve in
            curve.peak.map { (index: index, depth: place(of: $0.layer, in: curve), mean: $0.mean) }
        }
        let reach = depth == .relative ? 1 : Double(max(lastLayer, 1))
        let rings = peaks.map {
            PlotLayout.Place(x: $0.depth / reach * width, y: (domain.upperBound - $0.mean) / span * height)
        }
        let places = PlotLayout.beside(rings, distance: 14, width: width, height: height)
        let rows: [Row] = zip(peaks, places).map { peak, place in
            [
                "series": .text("\(peak.index + firstStyle)"), "shown": .text("\(peak.index + 1)"),
                "depth": .measured(place.x / width * reach),
                "mean": .measured(domain.upperBound - place.y / height * span),
            ]
        }
        return View.textOnPaper(
            Mark(type: .text, align: "center", baseline: "middle", fontSize: 11, fontWeight: "bold"),
            Encoding(x: depthChannel(), y: valueChannel("mean")),
            data: rows
        )
    }

    private func peakText(of curve: LayerCurve, layer: Int, mean: Double) -> String {
        let value = ValueScale.text(mean, decimals: ValueScale.decimals(for: valueDomain))
        guard width >= 300, curve.layerCount > 1 else { return "\(value) at layer \(layer)" }
        let depth = ValueScale.text(curve.relativeDepth(of: layer), decimals: 2)
        return "peak \(value) at layer \(layer) (depth \(depth))"
    }

    // MARK: A marked layer

    /// A dashed line at the marked layer, and its name in the room above the curves.
    var markLayers: [View] {
        guard let marked else { return [] }
        let row: Row = ["depth": DataValue(marked.place), "shown": .text(marked.text)]
        let ink = Channel(value: .text(Theme.ink))
        let toTheLeft = 2 * marked.place > lastLayer
        return [
            .unit(
                Mark(type: .rule, strokeDash: [4, 3], strokeWidth: 1.2, tooltip: .removed),
                Encoding(
                    x: depthChannel(),
                    y: Channel(value: 0),
                    y2: Channel(value: "height"),
                    color: ink
                ),
                data: [row]
            )
        ]
            + View.textOnPaper(
                Mark(
                    type: .text,
                    align: toTheLeft ? "right" : "left",
                    baseline: "middle",
                    dx: toTheLeft ? -5 : 5,
                    fontSize: 11
                ),
                Encoding(x: depthChannel(), y: Channel(value: 7), color: ink),
                data: [row]
            )
    }

    // MARK: Below the curves

    /// The null's band and mean.
    var nullLayer: View {
        let grey = Channel(value: .text(Theme.line))
        let dark = Channel(value: .text(Theme.softInk))
        let mean = Encoding(x: depthChannel(), y: valueChannel("mean"), color: dark)
        let ofNull = null.map { rows(of: $0, series: "null") } ?? []
        return View(
            data: .init(values: ofNull),
            layer: bands(color: grey) + [
                .unit(Mark(type: .line, strokeDash: [4, 3], strokeWidth: 1.5, tooltip: .removed), mean),
                .unit(
                    Mark(
                        type: .tick,
                        opacity: 1,
                        orient: "horizontal",
                        size: 13,
                        thickness: 1.5,
                        tooltip: .removed
                    ),
                    mean,
                    transform: only("alone")
                ),
            ]
        )
    }

    /// The other curves of a set, a thin line each.
    var contextLayer: View {
        View(
            data: .init(
                values: context.enumerated().flatMap { rows(of: $1, series: "context \($0)") }
            ),
            layer: [
                .unit(
                    Mark(type: .line, strokeWidth: 1, tooltip: .removed),
                    Encoding(
                        x: depthChannel(),
                        y: valueChannel("mean"),
                        color: Channel(value: .text(Theme.contextLine)),
                        detail: Channel(field: "series", type: .nominal)
                    )
                )
            ]
        )
    }
}
