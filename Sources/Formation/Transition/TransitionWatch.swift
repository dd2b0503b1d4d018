// The transition while it happens.

/// Follows a run, evaluation by evaluation, and says once that the transition has been found.
///
/// What it announces is the ramp so far: the rise may not be over, and the end of the ramp moves on. The run's result is
/// `Transition(in:)` of the whole series.
public struct TransitionWatch: Sendable {
    /// All evaluations.
    public private(set) var series: [ScorePoint] = []
    /// The transition as it was found; nil before.
    public private(set) var announced: Transition?

    /// No evaluation yet.
    public init() {}

    /// Takes the evaluations of a run that goes on; what they show is known, not news.
    public init(resuming series: [ScorePoint]) {
        for point in series { _ = add(point) }
    }

    /// Takes the next evaluation.
    ///
    /// - Returns: the transition, once: when it is found.
    public mutating func add(_ point: ScorePoint) -> Transition? {
        precondition(point.step > series.last?.step ?? -1, "step \(point.step) is not after the last one")
        series.append(point)
        // No fit where none could be found: a run without a transition costs nothing.
        guard announced == nil, Transition.isPossible(in: series) else { return nil }
        let transition = Transition(in: series)
        guard transition.found else { return nil }
        announced = transition
        return transition
    }
}
