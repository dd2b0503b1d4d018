// Attributions in words.
import Induction
import Transformers

extension AttributionResult {
    /// The largest attribution of each kind, and whether patching agrees.
    public var findings: [String] {
        let largest = kinds.compactMap { kind in
            ranked(kind).first.map { "\($0.component) (\($0.attribution.signed))" }
        }
        var findings = [
            largest.isEmpty
                ? "Nothing of \(model) was attributed."
                : "By gradients, the largest effects on \(model)'s \(question.comparison.metric.rawValue) are those of "
                    + "\(largest.joined(separator: ", "))."
        ]
        for agreement in agreements {
            guard let pearson = agreement.top.pearson, let spearman = agreement.top.spearman else { continue }
            findings.append(
                "Patching \(agreement.top.count) \(agreement.kind.nodesText) exactly: Pearson's r \(Optional(pearson).signed), "
                    + "Spearman's rho \(Optional(spearman).signed)."
            )
        }
        return findings + [
            "An attribution is a straight line drawn from one run to the other: where attention is saturated it misses what "
                + "patching finds. Trust it as far as the two agree."
        ]
    }
}
