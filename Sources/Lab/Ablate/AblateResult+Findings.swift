// An ablation in words.
import Induction
import Transformers

extension AblateResult {
    /// The part that is missed most, and how many are.
    public var findings: [String] {
        let kind = ablate.components.kind
        guard let first = ranked.first else {
            return ["Without any of its \(kind.plural), \(model) has no loss that could be compared."]
        }
        return [
            "Without \(first.component) the loss of the right token changes by \(first.deltaLoss.signed) nats, the most of all "
                + "\(parts.count) \(kind.plural) of \(model).",
            "Its logit difference changes by \(first.deltaLogitDiff.signed), from \(baseLogitDiff.signed). "
                + "\(significantCount) of \(parts.count) \(kind.plural) change the loss at a false discovery rate of 5%.",
            "A positive change says that the part helped. A small one does not show that it does nothing: others may make up for "
                + "it.",
        ]
    }
}
