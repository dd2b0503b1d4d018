// What ends a training run.

/// A step that cannot be made. Weights and optimiser are as they were before it.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// NaN or infinity in the loss, or in the length of all gradients.
    case notFinite(Quantity, step: Int, learningRate: Double)

    /// What was computed.
    public enum Quantity: String, Equatable, Sendable {
        /// The mean loss of the batch.
        case loss
        /// The gradients of the loss.
        case gradients
    }

    /// One paragraph: what was found, at which step, what to do.
    public var description: String {
        switch self {
        case .notFinite(let quantity, let step, let rate):
            """
            at step \(step), with a learning rate of \(rate), the \(quantity == .loss ? "loss is" : "gradients are") no \
            finite number any more: training has diverged. The weights are those from before this step. Lower the learning \
            rate, warm up for more steps, or clip gradients to a smaller norm.
            """
        }
    }
}
