// What is measured of a model while it is trained: one line of metrics.jsonl.
//
// Losses in nats a token, over the predictions of a fixed held-out batch of the task. Accuracy: share of predictions whose most
// probable token is right, over pattern tokens (they can be predicted from the sequence), random ones, and all.
// In-context-learning score: on synthetic tasks the mean loss on pattern tokens minus that on random ones; on text the mean
// loss at position 500 / 512 of the context minus that at 50 / 512 (negative: later tokens are predicted better). Scores
// of heads: attention on fixed held-out `repeat` prompts, whatever the task (HeadScore). Nothing here depends on the clock: a
// resumed run writes the same lines.

/// A model at one step.
public struct Evaluation: Codable, Equatable, Sendable {
    /// Training steps done.
    public var step: Int
    /// Mean loss on the held-out batch.
    public var loss: Double
    /// Accuracies on it.
    public var accuracy: Accuracy
    /// The in-context-learning score; nil where the batch lacks one of its two sides.
    public var icl: Double?
    /// Of the training step that follows; nil after the last.
    public var training: TrainingStep?
    /// Every head, layer by layer.
    public var heads: [HeadEvaluation]
    /// Of the Hessian; nil where it was not looked at.
    public var curvature: Spectrum?

    /// Shares of right predictions; nil where there are none of the kind.
    public struct Accuracy: Codable, Equatable, Sendable {
        /// Of tokens that the sequence tells.
        public var pattern: Double?
        /// Of tokens that nothing tells.
        public var random: Double?
        /// Of all tokens.
        public var all: Double
    }

    private enum CodingKeys: String, CodingKey {
        case step, loss, accuracy
        case icl = "icl_score"
        case training, heads, curvature
    }

    /// The highest score of any head; nil where no head has one.
    public func best(_ score: KeyPath<HeadEvaluation, Double?>) -> Double? {
        heads.compactMap { $0[keyPath: score] }.max()
    }
}

/// One head at one step.
public struct HeadEvaluation: Codable, Equatable, Sendable {
    /// Block.
    public var layer: Int
    /// Head in the block.
    public var head: Int
    /// Attention to what followed the earlier copy.
    public var induction: Double?
    /// Attention to the earlier copy.
    public var duplicate: Double?
    /// Attention to the token before.
    public var previous: Double?
    /// Attention to the first token.
    public var first: Double?
    /// Copying score of the OV circuit, -1...1: whether what is looked at is written.
    public var copying: Double?
    /// The same of the QK circuit: whether a token looks at copies of itself.
    public var matching: Double?

    private enum CodingKeys: String, CodingKey {
        case layer, head, induction, duplicate, previous, first
        case copying = "ov_score"
        case matching = "qk_score"
    }
}
