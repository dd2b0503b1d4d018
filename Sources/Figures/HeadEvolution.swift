// One quantity of every head over training: which heads become induction heads, and when.
//
// x: training steps, logarithmic, step 0 apart. The heads that end highest are coloured and named at their last
// values; the others are thin and grey, and named to a reader who points at them. With up to `highlighted` heads all
// are coloured. In one plot, or a plot a layer on the same axes: then the same heads are coloured. A head is chosen by its last
// value: one that rose and fell again is grey.

import Foundation

/// A curve per head over training steps, the highest few named.
public struct HeadEvolution: Figure, Equatable {
    /// One head.
    public struct Head: Equatable, Sendable {
        /// The head's layer.
        public var layer: Int
        /// The head's number in its layer.
        public var head: Int
        /// Its values.
        public var series: StepSeries

        /// A head's values over steps.
        public init(layer: Int, head: Int, series: StepSeries) {
            self.layer = layer
            self.head = head
            self.series = series
        }

        var name: String { "L\(layer)H\(head)" }
    }

    /// How the heads stand together.
    public enum Layout: Equatable, Sendable {
        /// All in one plot.
        case overlay
        /// A plot for each layer, on the same axes.
        case layers
    }

    /// What stands above the figure: the run, the prompts.
    public var title: FigureTitle
    /// What a value is, with its unit.
    public var valueName: String
    /// The heads, each once.
    public var heads: [Head]
    /// The values that the quantity can take: the axis holds them all. Nil for an axis that follows the values.
    public var range: ClosedRange<Double>?
    /// How many heads are coloured and named.
    public var highlighted: Int
    /// How the heads stand together.
    public var layout: Layout
    /// Where the transition lies; nil where none was found.
    public var transition: TransitionInterval?

    /// Curves of heads; the `highlighted` that end highest are coloured and named.
    ///
    /// - Precondition: at least one head, none twice; 1...7 `highlighted`, as many as there are colours.
    public init(
        title: FigureTitle,
        valueName: String,
        heads: [Head],
        range: ClosedRange<Double>? = nil,
        highlighted: Int = 6,
        layout: Layout = .overlay,
        transition: TransitionInterval?
    ) {
        precondition(!heads.isEmpty, "A figure of heads over steps needs at least one head.")
        var names = Set<String>()
        for head in heads {
            precondition(names.insert(head.name).inserted, "\(head.name) has two curves, a head has one.")
        }
        precondition(
            (1...Palette.categories.count).contains(highlighted),
            "1 to \(Palette.categories.count) heads are highlighted; found \(highlighted)."
        )
        self.title = title
        self.valueName = valueName
        self.heads = heads
        self.range = range
        self.highlighted = highlighted
        self.layout = layout
        self.transition = transition
    }

    /// The heads that end highest, the highest first.
    private var chosen: [Head] {
        let ended = heads.compactMap { head in head.series.end.map { (head: head, value: $0.value) } }
        let sorted = ended.sorted {
            ($1.value, $0.head.layer, $0.head.head) < ($0.value, $1.head.layer, $1.head.head)
        }
        return sorted.prefix(highlighted).map(\.head)
    }

    private var domain: ValueAxis {
        let values = heads.flatMap(\.series.defined)
        guard let range else { return ValueAxis(holding: values) }
        let ends = [range.lowerBound, range.upperBound] + values
        return ValueAxis((ends.min() ?? 0)...(ends.max() ?? 1))
    }

    private func steps(width: Double) -> StepAxis {
        StepAxis(
            steps: heads.flatMap(\.series.steps) + (transition.map { [$0.low, $0.high] } ?? []),
            width: width
        )
    }

    /// The specification of the picture.
    public var spec: Spec {
        let chosen = self.chosen
        let (view, plots) = layout == .overlay ? overlay(chosen) : layers(chosen)
        let others = heads.count - chosen.count
        let named = chosen.map(\.name).joined(separator: ", ")
        var titled = view
        let notes =
            [TransitionInterval.note(transition)]
            + (others > 0 && !chosen.isEmpty
                ? ["In colour: the \(chosen.count) that end highest. Grey: the other \(others)"] : [])
            + (layout == .layers ? ["Upwards: \(valueName.onOneLine)"] : []) + StepPlot.notes(on: plots)
        let labels = layout == .overlay ? self.labels(chosen) : []
        titled.title = title.view(
            width: layout == .overlay
                ? StepPlot.totalWidth(of: StepPlot.width(besideLabels: labels), labels: labels) : 640,
            notes: notes
        )
        return Spec(
            description: title.description(
                """
                \(valueName.onOneLine) of \(heads.count) heads over training steps; highest at the end: \
                \(named.isEmpty ? "none" : named). \(notes[0])
                """
            ),
            view: titled
        )
    }

    private func labels(_ heads: [Head]) -> [String] {
        let decimals = ValueScale.decimals(for: domain.domain)
        return heads.map { head in
            head.name + (head.series.end.map { ", " + ValueScale.text($0.value, decimals: decimals) } ?? "")
        }
    }

    private func lines(_ chosen: [Head], in layer: Int? = nil) -> [StepPlot.Line] {
        zip(chosen, labels(chosen)).enumerated().filter { layer == nil || $1.0.layer == layer }.map {
            index,
            item in
            StepPlot.Line(
                name: item.0.name,
                series: item.0.series,
                color: Palette.categories[index],
                dash: Palette.dashes[index % Palette.dashes.count],
                shape: Palette.shapes[index % Palette.shapes.count],
                label: layer == nil ? item.1 : item.0.name,
                mostPoints: layer == nil ? 30 : 14
            )
        }
    }

    private func context(_ chosen: [Head], in layer: Int? = nil) -> [(name: String, series: StepSeries)] {
        let names = Set(chosen.map(\.name))
        return heads.filter { !names.contains($0.name) && (layer == nil || $0.layer == layer) }
            .map { ($0.name, $0.series) }
    }

    private func overlay(_ chosen: [Head]) -> (View, [StepPlot]) {
        let axis = domain
        let plot = StepPlot(
            header: valueName.onOneLine,
            lines: lines(chosen),
            context: context(chosen),
            steps: steps(width: StepPlot.width(besideLabels: labels(chosen))),
            values: axis,
            height: 250,
            transition: transition
        )
        return (plot.view, [plot])
    }

    private func layers(_ chosen: [Head]) -> (View, [StepPlot]) {
        let numbers = Set(heads.map(\.layer)).sorted()
        let columns = numbers.count == 4 ? 2 : min(3, numbers.count)
        let labelRoom = 64.0
        let width = ((640 - 45) / Double(columns) - labelRoom).rounded(.down)
        let plots = numbers.enumerated().map { index, layer in
            StepPlot(
                header: "layer \(layer)",
                lines: lines(chosen, in: layer),
                context: context(chosen, in: layer),
                steps: steps(width: min(width, 420)),
                values: domain,
                height: 120,
                transition: transition,
                namesSteps: index + columns >= numbers.count,
                namesValues: index % columns == 0
            )
        }
        var view = View.grid(plots.map(\.view), columns: columns, spacing: 14)
        view.resolve = StepPlot.looksApart
        return (view, plots)
    }
}
