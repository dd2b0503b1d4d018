// Lines over the layers of one or several models, with an interval band around each.
//
// x: the layer, or relative depth l / (L - 1) (0 where L = 1), which lets models of different depth share an
// axis.
// y: from zero to a round number above the largest upper bound; negative values extend it below zero. What
// the band is (method, level, sampling unit) belongs in the subtitle. A layer without a value breaks line
// and band. Lines are named at their right end, not in a legend; colour, dash and point shape all tell them
// apart.

import Foundation

/// A value per layer for one or several models.
public struct LayerProfile: Figure, Equatable {
    /// The value of one layer.
    public struct Value: Equatable, Sendable {
        /// The value; nil or not finite where it is undefined.
        public var mean: Double?
        /// Lower end of the interval.
        public var low: Double?
        /// Upper end of the interval.
        public var high: Double?

        /// A value with an interval.
        public init(mean: Double?, low: Double? = nil, high: Double? = nil) {
            self.mean = mean
            self.low = low
            self.high = high
        }
    }

    /// One line.
    public struct Series: Equatable, Sendable {
        /// The name at the line's end: a model, say.
        public var name: String
        /// `values[layer]`.
        public var values: [Value]

        /// A named line.
        public init(name: String, values: [Value]) {
            self.name = name
            self.values = values
        }
    }

    /// What the horizontal axis shows.
    public enum Depth: Equatable, Sendable {
        /// Layer numbers.
        case layer
        /// First layer 0, last layer 1.
        case relative
    }

    /// What stands above the figure; say here what the band is.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// The lines.
    public var series: [Series]
    /// What the horizontal axis shows.
    public var depth: Depth

    /// Lines over layers.
    ///
    /// - Precondition: at least one series, and at least one layer in each.
    public init(title: FigureTitle, valueName: String, series: [Series], depth: Depth = .layer) {
        precondition(!series.isEmpty, "A layer profile needs at least one series.")
        precondition(
            series.allSatisfy { !$0.values.isEmpty },
            "Every series of a layer profile has at least one layer."
        )
        self.title = title
        self.valueName = valueName
        self.series = series
        self.depth = depth
    }

    private static let width = 420.0
    private static let labelStep = 15.0

    /// The specification of the picture.
    public var spec: Spec {
        let height = max(260, Self.labelStep * Double(series.count))
        let atEnds = View(data: .init(values: ends(height: height)), layer: [leaders, swatches, names])
        var view = View.layered(
            [band, line, points, atEnds],
            data: rows,
            encoding: Encoding(color: identity(Palette.categories.map { .text($0) })),
            width: Self.width,
            height: height
        )
        let longest = series.map { min($0.name.count, 28) }.max() ?? 0
        view.title = title.view(width: Self.width + 80 + Theme.width(ofCharacters: longest))
        return Spec(
            description: title.description("\(valueName.onOneLine) by layer, \(series.count) lines"),
            view: view
        )
    }

    // MARK: Places

    private func place(of layer: Int, in series: Series) -> Double {
        switch depth {
        case .layer: Double(layer)
        case .relative: series.values.count > 1 ? Double(layer) / Double(series.values.count - 1) : 0
        }
    }

    private var lastLayer: Int { (series.map(\.values.count).max() ?? 1) - 1 }

    private var depthDomain: [DataValue] {
        guard depth == .layer else { return [0, 1] }
        return lastLayer > 0 ? [0, DataValue(lastLayer)] : [-0.5, 0.5]
    }

    /// Whole layers only, about twenty at most.
    private var depthTicks: [DataValue]? {
        guard depth == .layer else { return nil }
        let step = [1, 2, 5, 10, 20].first { lastLayer / $0 <= 20 } ?? 50
        return stride(from: 0, through: lastLayer, by: step).map { DataValue($0) }
    }

    private var valueDomain: ClosedRange<Double> {
        let values = series.flatMap(\.values).flatMap { [$0.mean, $0.low, $0.high] }.compactMap(\.self)
            .filter(\.isFinite)
        return PlotLayout.roundDomain(min(values.min() ?? 0, 0)...max(values.max() ?? 0, 0))
    }

    // MARK: Rows

    private func name(_ index: Int) -> DataValue { .text("\(index)") }

    private var rows: [Row] {
        series.enumerated().flatMap { index, series in
            series.values.enumerated().map { layer, value in
                // Without a value or one end of its interval, a layer has no band either.
                let parts = [value.mean, value.low, value.high]
                let hasBand = parts.allSatisfy { $0?.isFinite == true }
                return [
                    "series": name(index), "name": .text(series.name.onOneLine), "layer": DataValue(layer),
                    "depth": .measured(place(of: layer, in: series)), "mean": .measured(value.mean),
                    "low": .measured(hasBand ? value.low : nil),
                    "high": .measured(hasBand ? value.high : nil),
                ]
            }
        }
    }

    /// One row per line: where it ends, and where its name stands.
    private func ends(height: Double) -> [Row] {
        let domain = valueDomain
        let span = domain.upperBound - domain.lowerBound
        var ends: [(index: Int, depth: Double, mean: Double)] = []
        for (index, series) in series.enumerated() {
            let last = series.values.lastIndex { $0.mean?.isFinite == true }
            if let last, let mean = series.values[last].mean {
                ends.append((index, place(of: last, in: series), mean))
            }
        }
        let wanted = ends.map { (domain.upperBound - $0.mean) / span * height }
        let places = PlotLayout.spread(wanted, step: Self.labelStep, height: height)
        return zip(ends, places).map { end, place in
            [
                "series": name(end.index), "depth": .measured(end.depth), "mean": .measured(end.mean),
                "label": .measured(domain.upperBound - place / height * span),
                "shown": .text(TokenLabel.shortened(series[end.index].name)),
            ]
        }
    }

    // MARK: Layers

    /// A channel that differs from line to line, without a legend.
    private func identity(_ range: [DataValue]) -> Channel {
        Channel(
            field: "series",
            type: .nominal,
            scale: Scale(
                domain: series.indices.map(name),
                range: series.indices.map { range[$0 % range.count] }
            ),
            legend: .removed
        )
    }

    private var depthAxis: Channel {
        Channel(
            field: "depth",
            type: .quantitative,
            title: .shown(depth == .layer ? "layer" : "relative depth (first layer 0, last layer 1)"),
            axis: .shown(
                Axis(
                    labelFlush: false,
                    values: depthTicks,
                    format: depth == .layer ? "d" : ".1f",
                    grid: false
                )
            ),
            scale: Scale(domain: depthDomain, nice: false)
        )
    }

    private func valueAxis(_ field: String) -> Channel {
        let domain = valueDomain
        return Channel(
            field: field,
            type: .quantitative,
            title: .shown(valueName.onOneLine),
            axis: .shown(Axis(grid: true, domain: false, ticks: false, tickCount: 6)),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }

    private var band: View {
        .unit(
            Mark(type: .area, opacity: 0.18, tooltip: .removed),
            Encoding(x: depthAxis, y: valueAxis("low"), y2: Channel(field: "high"))
        )
    }

    private var line: View {
        .unit(
            Mark(type: .line, strokeWidth: 2),
            Encoding(
                x: depthAxis,
                y: valueAxis("mean"),
                strokeDash: identity(Palette.dashes.map { .list($0.map { .number($0) }) })
            )
        )
    }

    private var points: View {
        .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 34),
            Encoding(
                x: depthAxis,
                y: valueAxis("mean"),
                shape: identity(Palette.shapes.map { .text($0) }),
                tooltip: [
                    Channel(field: "name", type: .nominal, title: .shown("series")),
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
            )
        )
    }

    /// From the end of each line to its name.
    private var leaders: View {
        .unit(
            Mark(type: .rule, strokeDash: [1, 2], strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: depthAxis,
                x2: Channel(value: .number(Self.width + 10)),
                y: valueAxis("mean"),
                y2: Channel(field: "label")
            )
        )
    }

    /// The line's point shape again, beside its name: lines may end in the same place.
    private var swatches: View {
        .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 34),
            Encoding(
                x: Channel(value: .number(Self.width + 16)),
                y: valueAxis("label"),
                shape: identity(Palette.shapes.map { .text($0) })
            )
        )
    }

    private var names: View {
        .unit(
            Mark(type: .text, align: "left", baseline: "middle", dx: 23, fontSize: 11),
            Encoding(
                x: Channel(value: "width"),
                y: valueAxis("label"),
                color: Channel(value: .text(Theme.ink)),
                text: Channel(field: "shown", type: .nominal)
            )
        )
    }
}
