// A metric on the clean run, on the corrupted run, and with one component or several patched.
//
// Axis: the metric in its own unit, zero in view. Dashed lines carry the clean and the corrupted value down
// through the patched bars: a bar that reaches the clean line has recovered everything. A component without
// a value has no bar and says so. What the intervals are belongs in `intervals`; they are of each value, not
// of the differences, which are paired and often surer.

import Foundation

/// Clean, corrupted and patched values of a metric as bars with intervals.
public struct PatchedBars: Figure, Equatable {
    /// What stands above the figure.
    public var title: FigureTitle
    /// The metric with its unit: the axis title.
    public var metricName: String
    /// The clean run, drawn first.
    public var clean: RankedBars.Entry
    /// The corrupted run, drawn second.
    public var corrupted: RankedBars.Entry
    /// What the metric is with each component patched, in the order drawn.
    public var patched: [RankedBars.Entry]
    /// What the whiskers are: a line of the subtitle.
    public var intervals: String

    /// Bars of the clean run, the corrupted run, and each patched one.
    ///
    /// - Parameters:
    ///   - intervals: method, level and sampling unit of the whiskers.
    public init(
        title: FigureTitle,
        metricName: String,
        clean: RankedBars.Entry,
        corrupted: RankedBars.Entry,
        patched: [RankedBars.Entry],
        intervals: String
    ) {
        self.title = title
        self.metricName = metricName
        self.clean = clean
        self.corrupted = corrupted
        self.patched = patched
        self.intervals = intervals
    }

    private static let cleanColor = Palette.categories[0]
    private static let corruptedColor = Theme.line

    /// The specification of the picture.
    public var spec: Spec {
        let entries = [clean, corrupted] + patched
        let values = [0] + CellGrid.finite(entries.flatMap { [$0.value, $0.low, $0.high] })
        let domain = PlotLayout.roundDomain((values.min() ?? 0)...(values.max() ?? 0))
        let decimals = ValueScale.decimals(for: domain)
        let text = { (value: Double) in ValueScale.text(value, decimals: decimals) }
        let colors = [Self.cleanColor, Self.corruptedColor] + patched.map { _ in Palette.palePositive }
        var bars = BarRows(
            entries: entries,
            valueName: metricName,
            text: text,
            fill: Channel(
                field: "rank",
                type: .ordinal,
                scale: Scale(
                    domain: entries.indices.map { DataValue($0) },
                    range: colors.map { .text($0) }
                ),
                legend: .removed
            ),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
        bars.lines = [BarRows.zeroLine] + references(on: bars)
        var view = bars.view
        view.title = title.view(width: BarRows.width + 170, notes: [intervals])
        return Spec(
            description: title.description(
                "\(metricName.onOneLine), clean, corrupted and \(patched.count) patched; \(intervals.onOneLine)"
            ),
            params: [bars.parameter],
            view: view
        )
    }

    /// Dashed lines at the clean and the corrupted value, named above the plot on the sides that face away
    /// from each other.
    private func references(on bars: BarRows) -> [View] {
        let pairs = [(clean, corrupted, Self.cleanColor), (corrupted, clean, Theme.softInk)]
        return pairs.enumerated().flatMap { index, pair -> [View] in
            let (entry, other, color) = pair
            guard let value = entry.value, value.isFinite else { return [] }
            let comesFirst = other.value.map { value == $0 ? index == 1 : value < $0 } ?? false
            let row: Row = ["value": .measured(value), "shown": .text(TokenLabel.shortened(entry.label))]
            let ink = Channel(value: .text(color))
            return [
                .unit(
                    Mark(type: .rule, strokeDash: [4, 3], strokeWidth: 1.2, tooltip: .removed),
                    Encoding(
                        x: bars.valueAxis("value"),
                        y: Channel(value: 0),
                        y2: Channel(value: "height"),
                        color: ink
                    ),
                    data: [row]
                ),
                .unit(
                    Mark(
                        type: .text,
                        align: comesFirst ? "right" : "left",
                        baseline: "bottom",
                        dx: comesFirst ? 2 : -2,
                        fontSize: 10,
                        tooltip: .removed
                    ),
                    Encoding(
                        x: bars.valueAxis("value"),
                        y: Channel(value: -3),
                        color: ink,
                        text: Channel(field: "shown", type: .nominal)
                    ),
                    data: [row]
                ),
            ]
        }
    }
}
