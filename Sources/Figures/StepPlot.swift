// The plot that every figure over training steps shows, alone or several times: curves over logarithmic steps,
// with the transition shaded behind them and their names at their right ends.
//
// A value that is undefined breaks the line; one between two such is a point. Step 0 is a point of its own. Sparse
// series have a point at each value, dense ones are lines. Values above the axis, where a spike would
// flatten all the rest, are triangles at its upper edge.

import Foundation

struct StepPlot {
    struct Line {
        /// What a reader is told who points at the curve.
        var name: String
        var series: StepSeries
        var color: String
        var dash: [Double] = [1, 0]
        var shape = "circle"
        /// What stands at the right end of the curve; nil where the header names it.
        var label: String?
        /// A symmetric error of each value; empty for none.
        var errors: [Double?] = []
        /// A series with more values than this has points only where no line leads to a value.
        var mostPoints = 40
    }

    /// What stands above the plot: the quantity with its unit.
    var header: String?
    var lines: [Line]
    /// Drawn thin and grey below the lines, with the name that a reader is told who points at one.
    var context: [(name: String, series: StepSeries)] = []
    var steps: StepAxis
    var values: ValueAxis
    var height: Double
    var transition: TransitionInterval?
    var strokeWidth = 1.8
    var namesSteps = true
    var namesValues = true
    /// Whether another plot on the same axis follows below, which the shade reaches to.
    var isContinued = false

    static let labelStep = 14.0
    /// Height above a plot that its header takes.
    static let headerRoom = 24.0
    /// Height below a plot that the numbers on its value axis may take.
    static let tail = 8.0

    /// A plot of 420 pixels, or less where the labels beside it are long.
    static func width(besideLabels labels: [String]) -> Double { CurvePlot.width(besideLabels: labels) }

    /// The number of pixels that the plot, its value axis and its names take from side to side.
    static func totalWidth(of width: Double, labels: [String]) -> Double {
        let longest = labels.map(\.count).max() ?? 0
        return width + 62 + (longest == 0 ? 0 : 23 + Theme.width(ofCharacters: longest))
    }

    /// The plot, without a title.
    var view: View {
        var layers: [View] = []
        let room = header == nil ? 0 : Self.headerRoom
        let below = height + (isContinued ? Self.tail : 0)
        if let transition { layers += transition.shade(on: steps, x: x, above: room, below: below) }
        if steps.hasZero { layers.append(cut) }
        if values.domain.contains(0) { layers.append(zero) }
        if !context.isEmpty { layers += contextLines }
        if let transition {
            layers.append(transition.middle(on: steps, x: x, above: room, below: below))
        }
        layers += errorBars + curves
        if let header { layers.append(self.header(header)) }
        layers += labels
        return View.layered(layers, width: steps.width, height: height)
    }

    /// Views on the same steps, one below the other, with shades that join. What stands between two plots has
    /// the room of a header.
    static func stacked(_ views: [View]) -> View {
        var view = View.grid(views, columns: 1, spacing: headerRoom + tail)
        view.align = "each"
        view.bounds = "flush"
        view.resolve = looksApart
        return view
    }

    /// The looks of the lines belong to each plot; side by side, Vega-Lite would give all plots those of the first.
    static let looksApart = View.Resolve(
        scale: ["color": "independent", "shape": "independent", "strokeDash": "independent"]
    )

    // MARK: Channels

    func x(_ field: String) -> Channel { steps.channel(field, isNamed: namesSteps) }

    func y(_ field: String) -> Channel { values.vertical(field, height: height, hasLabels: namesValues) }

    /// A channel that differs from line to line, without a legend.
    func identity(_ look: (Line) -> DataValue) -> Channel {
        Channel(
            field: "line",
            type: .nominal,
            scale: Scale(domain: lines.indices.map { .text("\($0)") }, range: lines.map(look)),
            legend: .removed
        )
    }

    var color: Channel { identity { .text($0.color) } }
    var shape: Channel { identity { .text($0.shape) } }

    // MARK: What a reader has to know

    /// Notes on undefined values, on values left out of lines, and on values above the axis, for the plots of a
    /// figure.
    static func notes(on plots: [StepPlot]) -> [String] {
        let all = plots.flatMap { plot in
            plot.lines.map { (name: $0.name, series: $0.series, plot: plot) }
                + plot.context.map { (name: $0.name, series: $0.series, plot: plot) }
        }
        let gaps = all.filter { $0.series.undefinedCount > 0 }.map {
            "\($0.name) at \(ValueScale.grouped($0.series.undefinedCount)) of "
                + "\(ValueScale.grouped($0.series.values.count)) evaluations"
        }
        let isReduced = all.contains { $0.series.line(on: $0.plot.steps).isReduced }
        return plots.compactMap(\.clippedNote)
            + (gaps.isEmpty ? [] : ["Undefined, drawn as gaps: " + listed(gaps)])
            + (isReduced
                ? [
                    "Of more than four values in a dot’s width, the first, last, least and greatest are drawn"
                ] : [])
    }

    /// A list that ends after six items with how many more there are.
    static func listed(_ items: [String]) -> String {
        let shown = items.prefix(6).joined(separator: ", ")
        return items.count > 6 ? shown + " and \(items.count - 6) more" : shown
    }
}
