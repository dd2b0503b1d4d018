// What a training run found: results.json.
public import Formation

/// The end of a run.
public struct TrainingResults: Codable, Equatable, Sendable {
    /// When induction heads formed, or why not.
    public var transition: Transition
    /// The last evaluation.
    public var final: Evaluation
    /// Steps done.
    public var steps: Int
    /// Parameters of the model.
    public var parameters: Int
    /// Whether the last step was reached.
    public var isComplete: Bool

    private enum CodingKeys: String, CodingKey {
        case transition, final, steps, parameters
        case isComplete = "complete"
    }

    /// All fields.
    public init(
        transition: Transition,
        final: Evaluation,
        steps: Int,
        parameters: Int,
        isComplete: Bool
    ) {
        self.transition = transition
        self.final = final
        self.steps = steps
        self.parameters = parameters
        self.isComplete = isComplete
    }
}
