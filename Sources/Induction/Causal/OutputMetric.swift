// Metrics of a prediction with an answer a and a foil f.
//
//   logit-diff  logit[a] - logit[f]; unbounded, linear in the residual stream but for the final norm
//   loss        -log p(a), in nats
//   prob        p(a), 0..1
//   kl          KL(reference || prediction) in nats, the reference being the clean run's prediction

/// What is read from a prediction.
public enum OutputMetric: String, Sendable, CaseIterable, Codable {
    /// Logit of the answer minus logit of the foil.
    case logitDiff = "logit-diff"
    /// Cross-entropy of the answer, in nats.
    case loss
    /// Probability of the answer.
    case prob
    /// Divergence from the clean run's prediction, in nats.
    case kl
}
