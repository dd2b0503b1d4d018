// A batch of training sequences with what is known of them.

/// What is known of a token that a model has to predict from those before it.
public enum PredictionKind: String, Codable, Sendable {
    /// What comes before it tells what it is, or how probable it is. Each task says exactly when.
    case pattern
    /// Drawn at random: what comes before it tells nothing.
    case random
    /// Not known: text.
    case neither
}

/// Sequences of one length.
public struct TaskBatch: Equatable, Sendable {
    /// Ids: [sequence][position].
    public var sequences: [[Int]]
    /// Kinds of the predicted tokens, that is of all but the first: `kinds[i][t]` is about `sequences[i][t + 1]`, the
    /// prediction made at position t.
    public var kinds: [[PredictionKind]]
}
