// Whether and when a model formed induction heads.
//
// Quantity: on the series of the best induction score (prefix matching, fixed held-out `repeat` prompts), the interval of
// steps of the ramp, if a level, a rise and a higher level fit better than one level and than a straight line in log step
// (TransitionFit), and the higher level and at least two scores are above 0.3: one alone is no level. `low`, `high`: start
// and end of the ramp, widened to evaluations; `midpoint`: its centre in log step; `onset`: the first evaluation above 0.1.
// Units: training steps. Scores that are not finite are left out. The interval is the duration of the rise, not an interval
// of confidence; it cannot be narrower than the distance of two evaluations. That the score rises says nothing of what the
// heads do to the loss.
//
// False alarms, measured: a level of 0.5 with independent noise of 0.05 passes for a transition in 7% of series of 8
// evaluations, 4% of 12, 1% of 24, less of more; a straight line up to 0.7 with noise of 0.03 in 24%, 12%, 5%, and 2% of 50;
// a random walk from 0.03 in steps of 0.01 in 3% of series of 200 evaluations, in steps of 0.02, which takes half of them
// above 0.3, in 30%; a level of 0.4 about which the score drifts (correlation 0.9 from one to the next) in more than half.
import Foundation

/// The transition of a run, or why there is none.
public struct Transition: Codable, Equatable, Sendable {
    /// Why there is none.
    public enum Absence: String, Codable, Sendable {
        /// Fewer evaluations than `fewestEvaluations`.
        case tooFewEvaluations = "too_few_evaluations"
        /// One level fits as well.
        case constant
        /// A straight line fits as well.
        case line
        /// The ramp's upper level is not above 0.3, or fewer than two scores are.
        case upperLevel = "upper_level"
    }

    /// Whether there is one.
    public private(set) var found: Bool
    /// The first evaluation with a score above 0.1; nil where there is no transition.
    public private(set) var onset: Int?
    /// The last evaluation before the ramp; nil where there is none.
    public private(set) var low: Int?
    /// The first evaluation after the ramp; nil where there is none.
    public private(set) var high: Int?
    /// The ramp's centre; nil where there is none.
    public private(set) var midpoint: Double?
    /// Why there is none; nil where there is one.
    public private(set) var reason: Absence?
    /// Number of evaluations with a score.
    public private(set) var evaluations: Int
    /// The highest score; nil without a score.
    public private(set) var highestScore: Double?
    /// The three shapes; nil where there are too few evaluations.
    public private(set) var fit: TransitionFit?

    /// The upper level, and at least two scores, are above it.
    public static let leastUpperLevel = 0.3
    /// The first evaluation with a higher score is the onset.
    public static let onsetScore = 0.1
    /// With fewer than these the ramp's five numbers fit anything.
    public static let fewestEvaluations = 8

    /// Whether enough scores are high enough for a transition: quickly said.
    static func isPossible(in series: [ScorePoint]) -> Bool {
        series.filter { $0.score > leastUpperLevel && $0.score.isFinite }.count >= 2
    }

    /// Looks for the transition in a series.
    ///
    /// - Parameter series: evaluations, steps ascending from 0 on.
    public init(in series: [ScorePoint]) {
        precondition((series.first?.step ?? 0) >= 0, "a step below 0")
        precondition(zip(series, series.dropFirst()).allSatisfy { $0.step < $1.step }, "steps must ascend")
        let series = series.filter(\.score.isFinite)
        found = false
        evaluations = series.count
        highestScore = series.map(\.score).max()
        guard series.count >= Self.fewestEvaluations else {
            reason = .tooFewEvaluations
            return
        }
        let fit = TransitionFit(series)
        self.fit = fit
        guard let ramp = fit.ramp else {
            reason = fit.winner == .line ? .line : .constant
            return
        }
        guard ramp.upperLevel > Self.leastUpperLevel, Self.isPossible(in: series) else {
            reason = .upperLevel
            return
        }
        found = true
        onset = series.first { $0.score > Self.onsetScore }?.step
        // A place that is an evaluation's but for rounding is that evaluation's.
        let (start, end) = (ramp.start * (1 + 1e-9) + 1e-9, ramp.end * (1 - 1e-9) - 1e-9)
        low = series.last { Double($0.step) <= start }?.step
        high = series.first { Double($0.step) >= end }?.step
        midpoint = TransitionFit.step(
            at: (TransitionFit.place(of: ramp.start) + TransitionFit.place(of: ramp.end)) / 2
        )
    }
}

extension Transition: CustomStringConvertible {
    /// One paragraph: where it is, or why there is none and what to try.
    public var description: String {
        if let onset, let low, let high, let midpoint {
            return """
                transition between steps \(low) and \(high) (centre \(Int(midpoint.rounded()))), onset at step \(onset).
                """
        }
        let (cause, remedy) = absence
        return "no transition: \(cause); \(remedy)."
    }

    private var absence: (cause: String, remedy: String) {
        let trainLonger = "train for more steps (--num-steps)"
        guard let reason, reason != .tooFewEvaluations, let highestScore else {
            return (
                "\(evaluations) evaluations, at least \(Self.fewestEvaluations) are needed",
                "evaluate more often or \(trainLonger)"
            )
        }
        let highest = text(highestScore)
        switch reason {
        case .upperLevel:
            let level = fit?.ramp.map { "level after the rise \(text($0.upperLevel)), " } ?? ""
            return (
                "the best induction score does not stay above \(Self.leastUpperLevel) (\(level)highest \(highest))",
                trainLonger
            )
        case .constant, .line, .tooFewEvaluations:
            let shape = reason == .line ? "a straight line in log step" : "one level"
            return (
                "\(shape) fits the best induction score at least as well as a rise between two levels (highest \(highest))",
                trainLonger
            )
        }
    }

    private func text(_ score: Double) -> String { String(format: "%.3f", score) }
}
