// How the ends of the Hessian's spectrum move during training: the largest and the smallest eigenvalues over steps.
//
// x: training steps, logarithmic, step 0 apart. y: the eigenvalue with its sign; linear, or the symmetric logarithm
// where values span decades. A curve joins the eigenvalues of the same rank, λ1 the largest; where two cross, the
// eigenvectors change places and the curves do not. Ritz values of Lanczos with their residual bounds: an
// eigenvalue lies within that distance of each. The bounds are drawn as bars where they are longer than the points, as
// far as the axis reaches, and the largest is said. They do not show how the eigenvalues vary from batch to batch.

import Foundation

/// Eigenvalues at both ends of a spectrum over training steps, by rank.
public struct EigenvalueEvolution: Figure, Equatable {
    /// An eigenvalue as it was found.
    public struct Eigenvalue: Equatable, Sendable {
        /// The value with its sign; nil (or not finite) where it was not found.
        public var value: Double?
        /// Residual bound: an eigenvalue lies within this distance; nil where unknown.
        public var residual: Double?

        /// An eigenvalue within `residual` of `value`.
        ///
        /// - Precondition: `residual` is not negative.
        public init(value: Double?, residual: Double? = nil) {
            precondition(
                !(residual ?? 0).isLess(than: 0),
                "A residual bound is not negative; found \(residual ?? 0)."
            )
            self.value = value
            self.residual = residual
        }
    }

    /// The spectrum's ends at one step.
    public struct Evaluation: Equatable, Sendable {
        /// The training step.
        public var step: Int
        /// The largest eigenvalues, falling.
        public var top: [Eigenvalue]
        /// The smallest eigenvalues, rising: the most negative first.
        public var bottom: [Eigenvalue]

        /// The largest and the smallest eigenvalues at a step; either may be empty.
        public init(step: Int, top: [Eigenvalue], bottom: [Eigenvalue] = []) {
            self.step = step
            self.top = top
            self.bottom = bottom
        }
    }

    /// What stands above the figure: the run, the batch, the number of Lanczos steps.
    public var title: FigureTitle
    /// The evaluations, in the order of their steps.
    public var evaluations: [Evaluation]
    /// Where the transition lies; nil where none was found.
    public var transition: TransitionInterval?

    /// Eigenvalues over steps, a panel for each end of the spectrum.
    ///
    /// - Precondition: at least one evaluation with an eigenvalue; steps ascend from 0 or later.
    public init(title: FigureTitle, evaluations: [Evaluation], transition: TransitionInterval?) {
        precondition(
            evaluations.contains { !$0.top.isEmpty || !$0.bottom.isEmpty },
            "A figure of eigenvalues over steps needs an evaluation with at least one."
        )
        _ = StepSeries(steps: evaluations.map(\.step), values: evaluations.map { _ in nil })
        self.title = title
        self.evaluations = evaluations
        self.transition = transition
    }

    /// The specification of the picture.
    public var spec: Spec {
        let ends: [(header: String, lines: [StepPlot.Line])] = [
            ("largest eigenvalues of the Hessian", lines(of: \.top, Self.topName, Self.topColor)),
            ("smallest eigenvalues of the Hessian", lines(of: \.bottom, Self.bottomName, Self.bottomColor)),
        ]
        .filter { !$0.1.isEmpty }
        let labels = ends.flatMap { $0.lines.compactMap(\.label) }
        let width = StepPlot.width(besideLabels: labels)
        let steps = StepAxis(
            steps: evaluations.map(\.step) + (transition.map { [$0.low, $0.high] } ?? []),
            width: width
        )
        let plots = ends.enumerated().map { index, end in
            let axis = ValueAxis(signed: end.lines.map(\.series))
            return StepPlot(
                header: [end.header, axis.note].compactMap(\.self).joined(separator: "; "),
                lines: end.lines,
                steps: steps,
                values: axis,
                height: max(150, StepPlot.labelStep * Double(end.lines.compactMap(\.label).count)),
                transition: transition,
                strokeWidth: 1.3,
                namesSteps: index == ends.count - 1,
                isContinued: index < ends.count - 1
            )
        }
        let notes =
            [TransitionInterval.note(transition)] + residualNote(plots) + StepPlot.notes(on: plots)
        var view = StepPlot.stacked(plots.map(\.view))
        view.title = title.view(width: StepPlot.totalWidth(of: width, labels: labels), notes: notes)
        let counts = ends.map { "\($0.lines.count) \($0.header)" }.joined(separator: " and ")
        return Spec(
            description: title.description(
                "\(counts) at \(ValueScale.grouped(evaluations.count)) training steps. \(notes[0])"
            ),
            view: view
        )
    }

    // MARK: Curves

    /// A line per rank, the first rank last, so that it lies above the others.
    private func lines(
        of end: KeyPath<Evaluation, [Eigenvalue]>,
        _ name: (Int) -> String,
        _ color: (Double) -> RGB
    ) -> [StepPlot.Line] {
        let count = evaluations.map { $0[keyPath: end].count }.max() ?? 0
        return (0..<count).reversed().map { rank in
            // An evaluation with fewer eigenvalues has a gap at the higher ranks.
            let found = evaluations.map { evaluation -> Eigenvalue in
                let all = evaluation[keyPath: end]
                return rank < all.count ? all[rank] : Eigenvalue(value: nil)
            }
            return StepPlot.Line(
                name: name(rank + 1),
                series: StepSeries(steps: evaluations.map(\.step), values: found.map(\.value)),
                color: color(count > 1 ? Double(rank) / Double(count - 1) : 0).hex,
                label: Self.isLabelled(rank + 1, of: count) ? name(rank + 1) : nil,
                errors: found.map(\.residual),
                mostPoints: 60
            )
        }
    }

    /// Of many ranks a few are named: the curves stand in their order.
    private static func isLabelled(_ rank: Int, of count: Int) -> Bool {
        count <= 12 || rank == count || [1, 2, 5].contains(rank) || rank % 10 == 0
    }

    private static func topName(_ rank: Int) -> String { "λ \(rank)" }
    private static func bottomName(_ rank: Int) -> String {
        rank == 1 ? "λ min" : "λ min + \(rank - 1)"
    }

    private static func topColor(_ share: Double) -> RGB {
        Palette.color(in: Palette.sequential, at: 0.95 - 0.5 * share)
    }
    private static func bottomColor(_ share: Double) -> RGB {
        Palette.color(in: Palette.diverging, at: 1 - 0.32 * share)
    }

    // MARK: Residuals

    private func residualNote(_ plots: [StepPlot]) -> [String] {
        let known = evaluations.flatMap { evaluation in
            (evaluation.top + evaluation.bottom).compactMap { found in
                found.residual.flatMap { $0.isFinite && found.value?.isFinite == true ? $0 : nil }
            }
        }
        guard let largest = known.max() else { return [] }
        let bars = plots.contains { !$0.errorBars.isEmpty }
        return [
            "Residual bounds: \(ValueScale.significant(largest)) at most"
                + (bars ? "; bars where they are longer than the points" : ", less than the points’ size")
        ]
    }
}
