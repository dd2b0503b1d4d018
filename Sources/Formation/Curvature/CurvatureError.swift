// What can be wrong with a question about curvature.

/// Curvature that cannot be had.
public enum CurvatureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A block that the model does not have.
    case unknownBlock(String, available: [String])
    /// No block at all was named.
    case noBlocks(available: [String])
    /// More eigenvalues than there are.
    case tooManyEigenvalues(asked: Int, parameters: Int)
    /// Fewer products than eigenvalues at one end.
    case tooFewProducts(limit: Int, asked: Int)
    /// No prompt has two tokens.
    case nothingToPredict
    /// A loss that is NaN or infinite.
    case nonFiniteLoss(Double)
    /// A gradient with entries that are NaN or infinite, where the loss is finite.
    case nonFiniteGradient(loss: Double)
    /// A product with entries that are NaN or infinite, after this many that were finite.
    case nonFiniteProduct(after: Int)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .unknownBlock(let name, let available):
            "the model has no parameters in a block \"\(name)\"; its blocks are \(available.joined(separator: ", "))."
        case .noBlocks(let available):
            "no block is named; name some of \(available.joined(separator: ", ")), or leave the restriction out."
        case .tooManyEigenvalues(let asked, let parameters):
            """
            \(asked) eigenvalues are asked for at one end, the Hessian of \(parameters) \
            parameter\(parameters == 1 ? "" : "s") has \(parameters); ask for at most \(parameters), or for more blocks.
            """
        case .tooFewProducts(let limit, let asked):
            """
            \(asked) eigenvalues are asked for at one end, which takes at least \(asked) Hessian-vector products, and the limit \
            is \(limit); raise the limit (two to four times the number of eigenvalues is usual), or ask for fewer.
            """
        case .nothingToPredict:
            "no prompt has a second token, so there is no next token to predict; give prompts of two tokens or more."
        case .nonFiniteLoss(let loss):
            """
            the loss on the batch is \(loss), and so there is no curvature; take a checkpoint from before training diverged, \
            or train with a lower learning rate or gradient clipping.
            """
        case .nonFiniteGradient(let loss):
            """
            the loss on the batch is \(loss), but its gradient has entries that are not finite; compute in float64, or take \
            a checkpoint from before training diverged.
            """
        case .nonFiniteProduct(let count):
            """
            a Hessian-vector product has entries that are not finite, after \(count) that were; compute in float64, or take a \
            checkpoint from before training diverged.
            """
        }
    }
}
