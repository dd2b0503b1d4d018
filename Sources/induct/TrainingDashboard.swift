import Formation
// A training run on the terminal: a panel that is drawn over itself, or, where there is none, a line an evaluation.
import Foundation
import Lab

/// What a run has come to.
final class TrainingDashboard {
    private let job: TrainingJob
    private let title: String
    private let isShown: Bool
    private let isPanel: Bool
    private let start = ContinuousClock.now
    private let firstStep: Int
    private var lastDrawn: ContinuousClock.Instant?
    private var drawnLines = 0

    init(_ job: TrainingJob, title: String, quiet: Bool) {
        (self.job, self.title) = (job, title)
        isShown = !quiet
        isPanel = !quiet && Terminal.isInteractive
        firstStep = job.step
    }

    private var steps: Int { job.config.training.steps }

    /// Takes what happened in a run.
    func hear(_ event: TrainingJob.Event) {
        guard isShown else { return }
        switch event {
        case .stepped: draw()
        case .evaluated(let evaluation):
            if isPanel { draw() } else { Terminal.writeError(line(evaluation) + "\n") }
        case .saved: break
        case .transition(let found): announce(found)
        }
    }

    /// Leaves the terminal to others.
    func finish() {
        draw(always: true)
        drawnLines = 0
    }

    private func announce(_ found: Transition) {
        erase()
        Terminal.writeError("\(title)step \(job.step): \(found)\n")
        draw(always: true)
    }

    private func line(_ evaluation: Evaluation) -> String {
        var parts = [String(format: "\(title)step %d/%d: loss %.4f", evaluation.step, steps, evaluation.loss)]
        parts.append("accuracy " + accuracy(evaluation))
        if let score = evaluation.best(\.induction) { parts.append(String(format: "induction %.3f", score)) }
        if let top = evaluation.curvature?.top.first {
            parts.append(String(format: "top eigenvalue %.3g", top.value))
        }
        return parts.joined(separator: ", ")
    }

    private func accuracy(_ evaluation: Evaluation) -> String {
        let accuracy = evaluation.accuracy
        guard let pattern = accuracy.pattern, let random = accuracy.random else {
            return String(format: "%.3f", accuracy.all)
        }
        return String(format: "%.3f on pattern tokens, %.3f on random ones", pattern, random)
    }

    private func erase() {
        guard isPanel, drawnLines > 0 else { return }
        Terminal.writeError("\u{1B}[\(drawnLines)A\u{1B}[J")
        drawnLines = 0
    }

    private func draw(always: Bool = false) {
        let now = ContinuousClock.now
        guard isPanel, always || lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastDrawn = now
        erase()
        let lines = panel(elapsed: (now - start) / .seconds(1))
        // Lines that are cut at the terminal's edge, not wrapped: as many as are erased again.
        Terminal.writeError("\u{1B}[?7l" + lines.map { $0 + "\n" }.joined() + "\u{1B}[?7h")
        drawnLines = lines.count
    }

    private func panel(elapsed: Double) -> [String] {
        let (step, evaluations) = (job.step, job.evaluations)
        let filled = 24 * step / max(steps, 1)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let rate = Double(step - firstStep) / max(elapsed, 1e-9)
        let left = rate > 0 ? ", \(time(Double(steps - step) / rate)) left" : ""
        var lines = [String(format: "\(title)\(bar) step %d/%d, %.1f/s", step, steps, rate) + left]
        guard let last = evaluations.last else { return lines }
        func row(_ name: String, _ value: String, _ values: [Double?]) {
            lines.append(
                name.padding(toLength: 12, withPad: " ", startingAt: 0) + Sparkline.text(values, width: 24)
                    + " "
                    + value
            )
        }
        row("loss", String(format: "%.4f nats a token", last.loss), evaluations.map(\.loss))
        row("accuracy", accuracy(last), evaluations.map { $0.accuracy.pattern ?? $0.accuracy.all })
        row(
            "induction",
            best(last, \.induction) + ", previous token " + best(last, \.previous),
            evaluations.map { $0.best(\.induction) }
        )
        if let curved = evaluations.last(where: { $0.curvature != nil }), let curvature = curved.curvature,
            let top = curvature.top.first, let bottom = curvature.bottom.first
        {
            row(
                "curvature",
                String(format: "eigenvalues %.3g to %.3g at step %d", bottom.value, top.value, curved.step),
                evaluations.compactMap { $0.curvature?.top.first?.value }
            )
        }
        lines.append(job.announced.map { "\($0)" } ?? "no transition yet")
        return lines
    }

    private func best(_ evaluation: Evaluation, _ score: KeyPath<HeadEvaluation, Double?>) -> String {
        let scored = evaluation.heads.compactMap { head in head[keyPath: score].map { (head, $0) } }
        guard let (head, value) = scored.max(by: { $0.1 < $1.1 }) else { return "none" }
        return String(format: "%.3f (L%dH%d)", value, head.layer, head.head)
    }

    private func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 120 ? "\(whole) s" : "\(whole / 60) min"
    }
}
