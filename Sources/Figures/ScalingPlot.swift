// How a cost grows: time against a size (heads times layers, say), both on logarithmic axes.
//
// Points are measured; the dashed line through a model's sizes is what its count of operations predicts, in
// the same unit. On these axes a cost that grows as a power of the size is a straight line, and a constant
// factor is a shift up. The prediction is the caller's, with whatever rate turns operations into time.

import Foundation

/// Measured times over sizes for several models, with what the count of operations predicts.
public struct ScalingPlot: Figure, Equatable {
    /// One measurement.
    public struct Point: Equatable, Sendable {
        /// The size that the cost is a function of.
        public var size: Double
        /// The measured cost.
        public var measured: Double
        /// The predicted cost; nil where there is none.
        public var predicted: Double?

        /// A measurement at a size.
        ///
        /// - Precondition: all numbers are positive and finite: they have logarithms.
        public init(size: Double, measured: Double, predicted: Double? = nil) {
            let all = [size, measured] + [predicted].compactMap(\.self)
            precondition(
                all.allSatisfy { $0 > 0 && $0.isFinite },
                "Sizes and costs on logarithmic axes are positive; found \(all)."
            )
            self.size = size
            self.measured = measured
            self.predicted = predicted
        }
    }

    /// One model.
    public struct Series: Equatable, Sendable {
        /// The model's name.
        public var name: String
        /// Its measurements, in any order.
        public var points: [Point]

        /// The measurements of one model.
        ///
        /// - Precondition: at least one point.
        public init(name: String, points: [Point]) {
            precondition(!points.isEmpty, "“\(name)” needs at least one measurement.")
            self.name = name
            self.points = points.sorted { $0.size < $1.size }
        }
    }

    /// What stands above the figure.
    public var title: FigureTitle
    /// What the size is: the title of the horizontal axis.
    public var sizeName: String
    /// What the cost is, with its unit: the title of the vertical axis.
    public var costName: String
    /// A series per model.
    public var series: [Series]
    /// What the dashed lines are: a line of the subtitle, where there are any.
    public var predictionName: String

    /// Measurements and predictions on logarithmic axes.
    ///
    /// - Precondition: at least one series.
    public init(
        title: FigureTitle,
        sizeName: String = "heads × layers",
        costName: String = "time (s)",
        series: [Series],
        predictionName: String
    ) {
        precondition(!series.isEmpty, "A plot of costs needs at least one series.")
        self.title = title
        self.sizeName = sizeName
        self.costName = costName
        self.series = series
        self.predictionName = predictionName
    }

    private static let height = 280.0

    private var labels: [String] { series.map { CurvePlot.label($0.name) } }
    private var width: Double { CurvePlot.width(besideLabels: labels) }
    private var points: [Point] { series.flatMap(\.points) }
    private var sizes: ClosedRange<Double> { Self.range(points.map(\.size)) }
    private var costs: ClosedRange<Double> {
        Self.range(points.flatMap { [$0.measured, $0.predicted].compactMap(\.self) })
    }

    private static func range(_ values: [Double]) -> ClosedRange<Double> {
        PlotLayout.logDomain((values.min() ?? 1)...(values.max() ?? 1))
    }

    private var hasPrediction: Bool { points.contains { $0.predicted != nil } }

    /// The specification of the picture.
    public var spec: Spec {
        var view = View.layered(
            (hasPrediction ? [predictions] : []) + [measurements] + names,
            width: width,
            height: Self.height
        )
        let longest = labels.map(\.count).max() ?? 0
        view.title = title.view(
            width: width + 85 + Theme.width(ofCharacters: longest),
            notes: hasPrediction ? ["Points: measured. Dashed: \(predictionName)"] : []
        )
        return Spec(
            description: title.description(
                "\(costName.onOneLine) against \(sizeName.onOneLine) on logarithmic axes, \(series.count) series"
            ),
            view: view
        )
    }

    private func log(_ field: String, _ name: String, _ domain: ClosedRange<Double>) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown(name.onOneLine),
            axis: .shown(
                Axis(
                    labelFlush: false,
                    labelOverlap: .shown(true),
                    labelPadding: 5,
                    values: PlotLayout.logTicks(in: domain).map { .number($0) },
                    format: ".6~g",
                    grid: true,
                    domain: false,
                    ticks: false
                )
            ),
            scale: Scale(
                type: "log",
                domain: [.number(domain.lowerBound), .number(domain.upperBound)],
                nice: false
            )
        )
    }

    private var size: Channel { log("size", sizeName, sizes) }
    private func cost(_ field: String) -> Channel { log(field, costName, costs) }

    /// A channel that differs from series to series, without a legend.
    private func identity(_ range: [String]) -> Channel {
        Channel(
            field: "series",
            type: .nominal,
            scale: Scale(
                domain: series.indices.map { .text("\($0)") },
                range: series.indices.map { .text(range[$0 % range.count]) }
            ),
            legend: .removed
        )
    }

    private func rows(_ cost: (Point) -> Double?) -> [Row] {
        series.enumerated().flatMap { index, series in
            series.points.compactMap { point in
                cost(point).map {
                    [
                        "series": .text("\(index)"), "name": .text(series.name.onOneLine),
                        "size": .measured(point.size), "cost": .measured($0),
                    ]
                }
            }
        }
    }

    private var predictions: View {
        .unit(
            Mark(type: .line, opacity: 0.8, strokeDash: [4, 3], strokeWidth: 1.5, tooltip: .removed),
            Encoding(x: size, y: cost("cost"), color: identity(Palette.categories)),
            data: rows(\.predicted)
        )
    }

    private var measurements: View {
        .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 60),
            Encoding(
                x: size,
                y: cost("cost"),
                color: identity(Palette.categories),
                shape: identity(Palette.shapes),
                tooltip: [
                    Channel(field: "name", type: .nominal, title: .shown("series")),
                    Channel(
                        field: "size",
                        type: .quantitative,
                        title: .shown(sizeName.onOneLine),
                        format: ".4~g"
                    ),
                    Channel(
                        field: "cost",
                        type: .quantitative,
                        title: .shown(costName.onOneLine),
                        format: ".4~g"
                    ),
                ]
            ),
            data: rows(\.measured)
        )
    }

    /// Each series' name right of the plot, level with its last point, with a leader.
    private var names: [View] {
        let (low, high) = (log10(costs.lowerBound), log10(costs.upperBound))
        let ends = series.compactMap(\.points.last)
        let places = PlotLayout.spread(
            ends.map { (high - log10($0.measured)) / (high - low) * Self.height },
            step: CurvePlot.labelStep,
            height: Self.height
        )
        let rows: [Row] = ends.indices.map { index in
            [
                "series": .text("\(index)"), "size": .measured(ends[index].size),
                "cost": .measured(ends[index].measured), "shown": .text(labels[index]),
                "label": .measured(pow(10, high - places[index] / Self.height * (high - low))),
            ]
        }
        return [
            .unit(
                Mark(type: .rule, strokeDash: [1, 2], strokeWidth: 1, tooltip: .removed),
                Encoding(
                    x: size,
                    x2: Channel(value: .number(width + 10)),
                    y: cost("cost"),
                    y2: Channel(field: "label"),
                    color: identity(Palette.categories)
                ),
                data: rows
            ),
            .unit(
                Mark(type: .point, filled: true, opacity: 1, size: 34, tooltip: .removed),
                Encoding(
                    x: Channel(value: .number(width + 16)),
                    y: cost("label"),
                    color: identity(Palette.categories),
                    shape: identity(Palette.shapes)
                ),
                data: rows
            ),
            .unit(
                Mark(type: .text, align: "left", baseline: "middle", dx: 23, fontSize: 11, tooltip: .removed),
                Encoding(
                    x: Channel(value: "width"),
                    y: cost("label"),
                    color: Channel(value: .text(Theme.ink)),
                    text: Channel(field: "shown", type: .nominal)
                ),
                data: rows
            ),
        ]
    }
}
