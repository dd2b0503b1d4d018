// Training in one picture: what changes when induction heads form, on one axis of steps.
//
// Panels from above: loss; accuracy on pattern and on random tokens; the largest induction and previous-token scores of
// any head; the in-context-learning score; the ends of the Hessian's spectrum; how much of the gradient lies along
// the top eigenvector. x: training steps, logarithmic, step 0 apart. The shade is the interval of the
// transition as the caller found it, in all panels. A panel whose quantity has no value is left out and named.
// Curvature is evaluated more rarely: its points are its evaluations. A loss above three times the larger of
// its first value and its median is a triangle at the upper edge. That two curves move inside the shade shows that
// they move together, not that one causes the other.

import Foundation

/// Quantities of a training run over steps, a panel each, with the transition shaded.
public struct PhaseTransition: Figure, Equatable {
    /// What stands above the figure: the task, the model, the run.
    public var title: FigureTitle
    /// The training loss, in nats per token.
    public var loss: StepSeries?
    /// Accuracy on tokens that can be predicted from the sequence so far, 0...1.
    public var patternAccuracy: StepSeries?
    /// Accuracy on the other tokens, 0...1.
    public var randomAccuracy: StepSeries?
    /// The largest induction score of any head, 0...1.
    public var inductionScore: StepSeries?
    /// The largest previous-token score of any head, 0...1.
    public var previousTokenScore: StepSeries?
    /// Loss late in the context minus loss early in it, in nats; negative where context helps.
    public var inContextLearning: StepSeries?
    /// The Hessian's largest eigenvalue.
    public var largestEigenvalue: StepSeries?
    /// The Hessian's smallest eigenvalue, with its sign.
    public var smallestEigenvalue: StepSeries?
    /// Squared cosine between the gradient and the top eigenvector, 0...1.
    public var gradientAlignment: StepSeries?
    /// Where the transition lies; nil where none was found.
    public var transition: TransitionInterval?

    /// The figure of a run. A quantity that was not tracked is nil.
    public init(
        title: FigureTitle,
        loss: StepSeries? = nil,
        patternAccuracy: StepSeries? = nil,
        randomAccuracy: StepSeries? = nil,
        inductionScore: StepSeries? = nil,
        previousTokenScore: StepSeries? = nil,
        inContextLearning: StepSeries? = nil,
        largestEigenvalue: StepSeries? = nil,
        smallestEigenvalue: StepSeries? = nil,
        gradientAlignment: StepSeries? = nil,
        transition: TransitionInterval?
    ) {
        self.title = title
        self.loss = loss
        self.patternAccuracy = patternAccuracy
        self.randomAccuracy = randomAccuracy
        self.inductionScore = inductionScore
        self.previousTokenScore = previousTokenScore
        self.inContextLearning = inContextLearning
        self.largestEigenvalue = largestEigenvalue
        self.smallestEigenvalue = smallestEigenvalue
        self.gradientAlignment = gradientAlignment
        self.transition = transition
    }

    /// The specification of the picture.
    public var spec: Spec {
        let panels = self.panels
        // A run without a single value still has a figure, which says so.
        let shown = panels.filter { $0.lines.contains { !$0.series.defined.isEmpty } }
        let drawn = shown.isEmpty ? Array(panels.prefix(1)) : shown
        let labels = drawn.flatMap { $0.lines.compactMap(\.label) }
        let width = StepPlot.width(besideLabels: labels)
        let steps = StepAxis(
            steps: drawn.flatMap { $0.lines.flatMap(\.series.steps) }
                + (transition.map { [$0.low, $0.high] } ?? []),
            width: width
        )
        let plots = drawn.enumerated().map { index, panel in
            StepPlot(
                header: [panel.header, panel.axis.note].compactMap(\.self).joined(separator: "; "),
                lines: panel.lines,
                steps: steps,
                values: panel.axis,
                height: Self.panelHeight,
                transition: transition,
                namesSteps: index == drawn.count - 1,
                isContinued: index < drawn.count - 1
            )
        }
        let left = zip(panels, panels.map { panel in drawn.contains { $0.header == panel.header } })
            .filter { panel, isDrawn in !isDrawn && panel.lines.contains { !$0.series.steps.isEmpty } }
            .map(\.0.header)
        let notes =
            [TransitionInterval.note(transition)] + StepPlot.notes(on: plots)
            + (left.isEmpty ? [] : ["Without any value: " + left.joined(separator: ", ")])
        var view = StepPlot.stacked(plots.map(\.view))
        view.title = title.view(width: StepPlot.totalWidth(of: width, labels: labels), notes: notes)
        return Spec(
            description: title.description(
                "\(drawn.map(\.header).joined(separator: "; ")) over training steps. \(notes[0])"
            ),
            view: view
        )
    }

    private static let panelHeight = 84.0

    private struct Panel {
        var header: String
        var lines: [StepPlot.Line]
        var axis: ValueAxis
    }

    private var panels: [Panel] {
        [
            panel("loss (nats)", [("loss", loss)], axis: Self.lossAxis),
            panel(
                "accuracy",
                [("pattern tokens", patternAccuracy), ("random tokens", randomAccuracy)],
                axis: Self.unit
            ),
            panel(
                "largest score of any head",
                [("induction", inductionScore), ("previous token", previousTokenScore)],
                axis: Self.unit
            ),
            panel(
                "in-context-learning score (nats)",
                [("in-context-learning score", inContextLearning)],
                axis: Self.fromZero
            ),
            panel(
                "ends of the Hessian’s spectrum",
                [("λ max", largestEigenvalue), ("λ min", smallestEigenvalue)],
                axis: ValueAxis.init(signed:),
                mostPoints: 150
            ),
            panel(
                "gradient alignment: cos² with the top eigenvector",
                [("gradient alignment", gradientAlignment)],
                axis: Self.fromZero,
                mostPoints: 150
            ),
        ]
    }

    /// Of the quantities that were tracked; a panel of one is named by its header alone.
    private func panel(
        _ header: String,
        _ quantities: [(name: String, series: StepSeries?)],
        axis: ([StepSeries]) -> ValueAxis,
        mostPoints: Int = 40
    ) -> Panel {
        let lines = quantities.enumerated().map { index, quantity in
            StepPlot.Line(
                name: quantity.name,
                series: quantity.series ?? .none,
                color: Palette.categories[index],
                dash: Palette.dashes[index],
                shape: Palette.shapes[index],
                label: quantities.count > 1 ? quantity.name : nil,
                mostPoints: mostPoints
            )
        }
        return Panel(header: header, lines: lines, axis: axis(lines.map(\.series)))
    }

    private static func unit(_: [StepSeries]) -> ValueAxis { ValueAxis(0...1) }

    private static func fromZero(_ series: [StepSeries]) -> ValueAxis {
        ValueAxis(holding: series.flatMap(\.defined))
    }

    /// From zero to the largest loss, or to what leaves the spikes out.
    private static func lossAxis(_ series: [StepSeries]) -> ValueAxis {
        let losses = series.flatMap(\.defined)
        guard let first = losses.first else { return ValueAxis(holding: []) }
        let limit = 3 * max(first, losses.sorted()[losses.count / 2])
        return ValueAxis(holding: losses.filter { $0 <= limit || limit <= 0 })
    }
}
