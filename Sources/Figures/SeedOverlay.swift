// The same quantity of several training runs over steps, and below it where each run has its transition.
//
// x: training steps, logarithmic, step 0 apart, shared by both plots. Runs have a colour each, or one for each
// condition (an architecture, a task): then the conditions are named beside their runs, with how many of the runs have a
// transition. A row below has a thin line over the steps of its run, a bar from the low to the high end of the
// transition's interval and a tick at the midpoint; a run without one says so. A bar is how well one run's
// transition is located, not how it varies: that is the scatter of the bars.

import Foundation

/// Runs on one axis of steps, with the interval of each one's transition.
public struct SeedOverlay: Figure, Equatable {
    /// One training run.
    public struct Run: Equatable, Sendable {
        /// The run's name: `seed 3`.
        public var name: String
        /// What the run has in common with others; nil for a run that stands for itself.
        public var condition: String?
        /// The quantity over the run's steps.
        public var series: StepSeries
        /// Where the transition lies; nil where none was found.
        public var transition: TransitionInterval?

        /// A run, of a condition where several runs share one.
        public init(
            name: String,
            condition: String? = nil,
            series: StepSeries,
            transition: TransitionInterval?
        ) {
            self.name = name
            self.condition = condition
            self.series = series
            self.transition = transition
        }
    }

    /// What stands above the figure: the task, the models, the budget.
    public var title: FigureTitle
    /// What a value is, with its unit.
    public var valueName: String
    /// The runs; those of a condition stand together.
    public var runs: [Run]
    /// The values that the quantity can take: the axis holds them all. Nil for an axis that follows the values.
    public var range: ClosedRange<Double>?

    /// Runs on one axis. Runs of the same condition are brought together, conditions in order of appearance.
    ///
    /// - Precondition: at least one run; all have a condition, or none.
    public init(
        title: FigureTitle,
        valueName: String,
        runs: [Run],
        range: ClosedRange<Double>? = nil
    ) {
        precondition(!runs.isEmpty, "A figure of runs needs at least one.")
        let unconditioned = runs.filter { $0.condition == nil }.count
        precondition(
            unconditioned == 0 || unconditioned == runs.count,
            "All runs have a condition, or none; \(unconditioned) of \(runs.count) have none."
        )
        self.title = title
        self.valueName = valueName
        let groups = Self.conditions(of: runs)
        self.runs = groups.isEmpty ? runs : groups.flatMap { name in runs.filter { $0.condition == name } }
        self.range = range
    }

    private static func conditions(of runs: [Run]) -> [String] {
        var seen = Set<String>()
        return runs.compactMap(\.condition).filter { seen.insert($0).inserted }
    }

    private var conditions: [String] { Self.conditions(of: runs) }

    /// Which look each run has: its condition's, or its own.
    private var looks: [Int] {
        let conditions = self.conditions
        return runs.enumerated().map { index, run in
            run.condition.flatMap { conditions.firstIndex(of: $0) } ?? index
        }
    }

    private var axis: ValueAxis {
        let values = runs.flatMap(\.series.defined)
        guard let range else { return ValueAxis(holding: values) }
        let ends = [range.lowerBound, range.upperBound] + values
        return ValueAxis((ends.min() ?? 0)...(ends.max() ?? 1))
    }

    /// The specification of the picture.
    public var spec: Spec {
        let names = runs.map { TokenLabel.shortened($0.name, limit: 30) }
        let groups = groupLabels
        let (left, right) = (Self.room(for: names), Self.room(for: groups.map(\.text)))
        let width = min(max(620 - left - right, 280), 430)
        let steps = StepAxis(
            steps: runs.flatMap { run in
                run.series.steps + (run.transition.map { [$0.low, $0.high] } ?? [])
            },
            width: width
        )
        let looks = self.looks
        let plot = StepPlot(
            header: valueName.onOneLine,
            lines: zip(runs, looks).map { run, look in
                StepPlot.Line(
                    name: run.name.onOneLine,
                    series: run.series,
                    color: Palette.categories[look % Palette.categories.count],
                    dash: Palette.dashes[look % Palette.dashes.count],
                    shape: Palette.shapes[look % Palette.shapes.count],
                    mostPoints: runs.count > 3 ? 0 : 30
                )
            },
            steps: steps,
            values: axis,
            height: 220,
            strokeWidth: runs.count > 8 ? 1.2 : 1.6,
            namesSteps: false,
            isContinued: true
        )
        let strip = TransitionStrip(runs: runs, looks: looks, groups: groups, steps: steps)
        var view = StepPlot.stacked([plot.view, strip.view])
        view.title = title.view(
            width: left + width + right,
            notes: ["Below: transitions, bar from low to high, tick at the midpoint. \(summary)"]
                + StepPlot.notes(on: [plot])
        )
        return Spec(
            description: title.description(
                "\(valueName.onOneLine) of \(runs.count) runs over training steps. \(summary)"
            ),
            params: [.init(name: TransitionStrip.namesParameter, value: .list(names.map { .text($0) }))],
            view: view
        )
    }

    private static func room(for texts: [String]) -> Double {
        texts.isEmpty ? 30 : 30 + Theme.width(ofCharacters: texts.map(\.count).max() ?? 0)
    }

    private var summary: String {
        let found = runs.filter { $0.transition != nil }.count
        return "Found in \(found) of \(runs.count) \(runs.count == 1 ? "run" : "runs")"
    }

    /// Each condition with the rows of its runs.
    private var groupLabels: [TransitionStrip.Group] {
        conditions.map { condition in
            let rows = runs.indices.filter { runs[$0].condition == condition }
            let found = rows.filter { runs[$0].transition != nil }.count
            return TransitionStrip.Group(
                text: "\(TokenLabel.shortened(condition, limit: 30)): \(found) of \(rows.count)",
                first: rows.first ?? 0,
                last: rows.last ?? 0
            )
        }
    }
}
