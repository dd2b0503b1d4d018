// One number per layer as bars, with intervals and a threshold: how much patching a layer recovers, and
// which layers are important.
//
// Axis: from zero (or below it, where values are negative) to a round number that holds the threshold.
// Layers at or above the threshold are dark; a layer without a value has a grey place with a diagonal
// stroke, never a bar of zero. Whether a layer is above the threshold is judged by its value, not its
// interval. What the interval is belongs in `intervals`.

import Foundation

/// A bar per layer, with interval whiskers and a dashed threshold.
public struct LayerBars: Figure, Equatable {
    /// A value from which on a layer counts as important.
    public struct Threshold: Equatable, Sendable {
        /// What stands at the line: `high importance`.
        public var name: String
        /// Where the line is.
        public var value: Double

        /// A named line.
        ///
        /// - Precondition: `value` is finite.
        public init(name: String, value: Double) {
            precondition(value.isFinite, "The threshold “\(name)” is a finite number; found \(value).")
            self.name = name
            self.value = value
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// The values with their intervals, `[layer]`; the name is not drawn.
    public var layers: LayerCurve
    /// The dashed line, if there is one.
    public var threshold: Threshold?
    /// Why a value can be undefined: the legend's entry for such layers.
    public var undefinedName: String
    /// What the whiskers are: a line of the subtitle.
    public var intervals: String

    /// A bar per layer.
    ///
    /// - Parameters:
    ///   - intervals: method, level and sampling unit of the whiskers.
    public init(
        title: FigureTitle,
        valueName: String,
        layers: LayerCurve,
        threshold: Threshold? = nil,
        undefinedName: String = "undefined",
        intervals: String
    ) {
        self.title = title
        self.valueName = valueName
        self.layers = layers
        self.threshold = threshold
        self.undefinedName = undefinedName
        self.intervals = intervals
    }

    private static let height = 240.0

    private var step: Double {
        let count = Double(layers.layerCount)
        return max(8, min(600 / count, max(34, 200 / count))).rounded(.down)
    }
    private var width: Double { step * Double(layers.layerCount) }

    private var domain: ClosedRange<Double> {
        let values = [0] + layers.drawn + [threshold?.value].compactMap(\.self)
        return PlotLayout.roundDomain((values.min() ?? 0)...(values.max() ?? 0))
    }

    /// The specification of the picture.
    public var spec: Spec {
        var parts = hasUndefined ? undefinedLayers : []
        parts += [bars, zero, whiskers, cap("low"), cap("high")] + thresholdLayers
        var view = View.layered(
            parts,
            data: rows,
            encoding: Encoding(x: place),
            width: width,
            height: Self.height
        )
        let label = threshold.map { text(of: $0).count } ?? 0
        view.title = title.view(
            width: width + 80 + Theme.width(ofCharacters: label),
            notes: [intervals]
                + (threshold == nil ? [] : ["Dark: at or above the threshold"])
        )
        return Spec(
            description: title.description(
                "\(valueName.onOneLine) by layer, \(layers.layerCount) layers; \(intervals.onOneLine)"
            ),
            view: view
        )
    }

    private var hasUndefined: Bool { layers.means.indices.contains { layers.mean($0) == nil } }

    private var rows: [Row] {
        layers.means.indices.map { layer in
            let (mean, band) = (layers.mean(layer), layers.band(layer))
            return [
                "layer": DataValue(layer), "value": .measured(mean),
                "low": .measured(band?.lowerBound), "high": .measured(band?.upperBound),
                "strong": .flag(threshold.map { (mean ?? -.infinity) >= $0.value } ?? false),
            ]
        }
    }

    private var place: Channel {
        let most = Int(width / 18)
        let every = [1, 2, 4, 5, 8, 10, 20].first { (layers.layerCount - 1) / $0 < max(most, 1) } ?? 50
        return Channel(
            field: "layer",
            type: .ordinal,
            title: .shown("layer"),
            axis: .shown(
                Axis(
                    labelAngle: 0,
                    values: stride(from: 0, to: layers.layerCount, by: every).map { DataValue($0) },
                    domain: false,
                    ticks: false
                )
            ),
            scale: Scale(paddingInner: 0.25, paddingOuter: 0.15),
            sort: .shown("ascending")
        )
    }

    private var tooltip: [Channel] {
        [Channel(field: "layer", type: .ordinal, title: .shown("layer"))]
            + [("value", valueName.onOneLine), ("low", "low"), ("high", "high")].map { field, name in
                Channel(field: field, type: .quantitative, title: .shown(name), format: ".4~g")
            }
    }

    private func value(_ field: String) -> Channel {
        let lines = FigureTitle.wrapped(valueName, columns: Int(Self.height / 5.6))
        return Channel(
            field: field,
            type: .quantitative,
            axis: .shown(
                Axis(
                    title: .shown(.list(lines.map { .text($0) })),
                    labelPadding: 7,
                    grid: true,
                    domain: false,
                    ticks: false,
                    tickCount: 6
                )
            ),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }

    private func only(_ test: String) -> [View.Transform] { [View.Transform(filter: test)] }

    private var bars: View {
        .unit(
            Mark(type: .bar),
            Encoding(
                y: value("value"),
                y2: Channel(datum: 0),
                color: Channel(
                    value: .text(Palette.mark),
                    condition: .init(test: "datum.strong", value: .text(Palette.strongMark))
                ),
                tooltip: tooltip
            ),
            transform: only("isValid(datum.value)")
        )
    }

    private var whiskers: View {
        .unit(
            Mark(type: .rule, color: Theme.ink, strokeWidth: 1.2),
            Encoding(y: value("low"), y2: Channel(field: "high")),
            transform: only("isValid(datum.low)")
        )
    }

    private func cap(_ field: String) -> View {
        .unit(
            Mark(
                type: .tick,
                color: Theme.ink,
                opacity: 1,
                orient: "horizontal",
                size: min(9, step / 2),
                thickness: 1.2
            ),
            Encoding(y: value(field)),
            transform: only("isValid(datum.low)")
        )
    }

    private var zero: View {
        // Without the bars' place: the line runs from side to side.
        .unit(
            Mark(type: .rule, color: Theme.line, strokeWidth: 1, tooltip: .removed),
            Encoding(x: Channel(value: 0), x2: Channel(value: "width"), y: value("zero")),
            data: [["zero": 0]]
        )
    }

    private func text(of threshold: Threshold) -> String {
        let decimals = ValueScale.decimals(for: domain)
        return TokenLabel.shortened(threshold.name) + " "
            + ValueScale.text(threshold.value, decimals: decimals)
    }

    private var thresholdLayers: [View] {
        guard let threshold else { return [] }
        let row: Row = ["value": .measured(threshold.value), "shown": .text(text(of: threshold))]
        let ink = Channel(value: .text(Palette.highlight))
        return [
            .unit(
                Mark(type: .rule, strokeDash: [5, 3], strokeWidth: 1.4, tooltip: .removed),
                Encoding(x: Channel(value: 0), x2: Channel(value: "width"), y: value("value"), color: ink),
                data: [row]
            ),
            .unit(
                Mark(type: .text, align: "left", baseline: "middle", dx: 6, tooltip: .removed),
                Encoding(
                    x: Channel(value: "width"),
                    y: value("value"),
                    color: ink,
                    text: Channel(field: "shown", type: .nominal)
                ),
                data: [row]
            ),
        ]
    }

    private var undefinedLayers: [View] {
        let corner = { (place: Double) in Channel(field: "layer", type: .ordinal, bandPosition: place) }
        return [
            .unit(
                Mark(type: .bar, opacity: 1),
                Encoding(
                    y: Channel(value: 0),
                    y2: Channel(value: "height"),
                    fill: UndefinedLook.fill(name: undefinedName, legend: "bottom"),
                    tooltip: tooltip
                ),
                transform: only("!isValid(datum.value)")
            ),
            .unit(
                UndefinedLook.stroke,
                Encoding(
                    x: corner(0),
                    x2: Channel(field: "layer", bandPosition: 1),
                    y: Channel(value: "height"),
                    y2: Channel(value: 0)
                ),
                transform: only("!isValid(datum.value)")
            ),
        ]
    }
}
