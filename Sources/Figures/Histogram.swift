// How one number per prompt is distributed: what patching a head improves on each prompt, say.
//
// x: the value in the metric's own unit, zero in view; y: number of prompts. Zero is an edge of bins, so no
// bin holds both a gain and a loss; a bin holds its lower edge and not its upper one. Mean and median are the
// caller's: a figure computes no statistics. Bin width follows the number of values; small numbers of
// prompts give ragged histograms whatever the truth is.

import Foundation

/// A histogram of signed values with lines at zero, at the mean and at the median.
public struct Histogram: Figure, Equatable {
    /// What stands above the figure.
    public var title: FigureTitle
    /// What a value is, with its unit: the axis title.
    public var valueName: String
    /// A value per prompt, in any order; nil or not finite where it is undefined, and then only counted.
    public var values: [Double?]
    /// The values' mean, marked by a line.
    public var mean: Double?
    /// The values' median, marked by a dashed line.
    public var median: Double?
    /// What has a value, in the plural: the other axis and the note on how many there are.
    public var kind: String

    /// A histogram of one value per prompt.
    public init(
        title: FigureTitle,
        valueName: String,
        values: [Double?],
        mean: Double? = nil,
        median: Double? = nil,
        kind: String = "prompts"
    ) {
        self.title = title
        self.valueName = valueName
        self.values = values
        self.mean = mean
        self.median = median
        self.kind = kind
    }

    /// Values from `low` up to and without `high`.
    struct Bin: Equatable {
        var low: Double
        var high: Double
        var count: Int
    }

    private var finite: [Double] { CellGrid.finite(values) }

    /// Bins of one round width from the smallest value to the largest, those without a value included.
    var bins: [Bin] {
        guard let least = finite.min(), let most = finite.max() else { return [] }
        let step = Self.step(from: least, to: most, count: finite.count)
        let index = { (value: Double) in Int((value / step + 1e-9).rounded(.down)) }
        var counts: [Int: Int] = [:]
        for value in finite { counts[index(value), default: 0] += 1 }
        return (index(least)...index(most)).map {
            Bin(low: Double($0) * step, high: Double($0 + 1) * step, count: counts[$0] ?? 0)
        }
    }

    /// A round width that gives 2 to 3 n^(1/3) bins (the Rice rule gives 2 n^(1/3)), at most 40, none of them
    /// too thin to be seen on an axis that reaches to zero.
    private static func step(from least: Double, to most: Double, count: Int) -> Double {
        let wanted = min(max(3 * cbrt(Double(count)), 5), 40)
        let reach = max(most, 0) - min(least, 0)
        let width = max((most - least) / wanted, reach / 140)
        guard width > 0, width.isFinite else { return 1 }
        let unit = pow(10, floor(log10(width)))
        return ([1, 2, 5].first { $0 * unit >= width * (1 - 1e-9) } ?? 10) * unit
    }

    private static let width = 420.0
    private static let height = 220.0

    private var domain: ClosedRange<Double> {
        let places = [0] + bins.flatMap { [$0.low, $0.high] } + [mean, median].compactMap(\.self)
        let (low, high) = (places.min() ?? 0, places.max() ?? 0)
        return low < high ? low...high : 0...1
    }

    /// The specification of the picture.
    public var spec: Spec {
        var view = View.layered(
            [bars, zero] + rules,
            width: Self.width,
            height: Self.height
        )
        view.title = title.view(width: Self.width + 60, notes: [note])
        return Spec(
            description: title.description("Histogram of \(valueName.onOneLine): \(note)"),
            view: view
        )
    }

    private var note: String {
        let undefined = values.count - finite.count
        let counted = "Number of \(kind.onOneLine): \(ValueScale.grouped(finite.count))"
        return undefined > 0 ? counted + "; without a value: \(ValueScale.grouped(undefined))" : counted
    }

    private func value(_ field: String) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown(valueName.onOneLine),
            axis: .shown(Axis(labelFlush: false, grid: false, domain: false, tickCount: 8)),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }

    private var bars: View {
        let most = Double(bins.map(\.count).max() ?? 0)
        let rows: [Row] = bins.map {
            [
                "low": .measured($0.low), "high": .measured($0.high), "count": DataValue($0.count),
            ]
        }
        return .unit(
            Mark(type: .bar, stroke: Theme.paper, strokeWidth: 1),
            Encoding(
                x: value("low"),
                x2: Channel(field: "high"),
                y: Channel(
                    field: "count",
                    type: .quantitative,
                    title: .shown(kind.onOneLine),
                    axis: .shown(
                        Axis(
                            labelPadding: 7,
                            format: "d",
                            grid: true,
                            domain: false,
                            ticks: false,
                            tickCount: min(5, max(1, Int(most))),
                            tickMinStep: 1
                        )
                    ),
                    scale: Scale(domain: [0, .number(max(PlotLayout.roundDomain(0...most).upperBound, 1))])
                ),
                y2: Channel(datum: 0),
                color: Channel(
                    value: .text(Palette.palePositive),
                    condition: .init(test: "datum.low < 0", value: .text(Palette.paleNegative))
                ),
                tooltip: [
                    Channel(field: "low", type: .quantitative, title: .shown("from"), format: ".4~g"),
                    Channel(field: "high", type: .quantitative, title: .shown("below"), format: ".4~g"),
                    Channel(field: "count", type: .quantitative, title: .shown(kind.onOneLine)),
                ]
            ),
            data: rows
        )
    }

    private var zero: View {
        .unit(
            Mark(type: .rule, color: Theme.ink, strokeWidth: 1, tooltip: .removed),
            Encoding(x: value("value")),
            data: [["value": 0]]
        )
    }

    /// The named lines, their names above the plot on the sides that face away from each other: mean and
    /// median often nearly agree.
    private var rules: [View] {
        let named: [(name: String, value: Double?, other: Double?, dash: [Double]?)] = [
            ("mean", mean, median, nil), ("median", median, mean, [4, 3]),
        ]
        return named.flatMap { rule -> [View] in
            guard let value = rule.value, value.isFinite else { return [] }
            let decimals = ValueScale.decimals(for: domain)
            let row: Row = [
                "value": .measured(value),
                "shown": .text(rule.name + " " + ValueScale.text(value, decimals: decimals, plus: true)),
            ]
            let other = rule.other ?? -.infinity
            let toTheLeft = value == other ? rule.dash != nil : value < other
            return [
                .unit(
                    Mark(type: .rule, strokeDash: rule.dash, strokeWidth: 1.6, tooltip: .removed),
                    Encoding(
                        x: self.value("value"),
                        y: Channel(value: -14),
                        y2: Channel(value: "height"),
                        color: Channel(value: .text(Palette.highlight))
                    ),
                    data: [row]
                ),
                .unit(
                    Mark(
                        type: .text,
                        align: toTheLeft ? "right" : "left",
                        baseline: "bottom",
                        dx: toTheLeft ? -4 : 4,
                        tooltip: .removed
                    ),
                    Encoding(
                        x: self.value("value"),
                        y: Channel(value: -4),
                        text: Channel(field: "shown", type: .nominal)
                    ),
                    data: [row]
                ),
            ]
        }
    }
}
