// One evaluation of a run, as the transition sees it.

/// The best induction score of a model at a step.
public struct ScorePoint: Codable, Equatable, Sendable {
    /// Training steps done.
    public var step: Int
    /// Mean prefix-matching score of the best head, 0..1.
    public var score: Double

    /// Both.
    public init(step: Int, score: Double) {
        self.step = step
        self.score = score
    }
}
