// A scan in words.
import Induction
import Transformers

extension ScanResult {
    /// The highest head, what it may need below it, how many are like it.
    public var findings: [String] {
        let score = scan.score
        guard let best = ranked.first, let estimate = best.scores[score], let highest = estimate.mean else {
            return ["No head of \(model) can be given the \(score.rawValue) score on these prompts."]
        }
        var findings = [
            "\(best.head) of \(model) has the highest \(score.rawValue) score: \(estimate.percent) of its attention "
                + "\(score.target)."
        ]
        let half = scores.heads.count { ($0.scores[score]?.mean ?? 0) > 0.5 }
        findings.append(
            "\(half == 0 ? "No head" : "\(half) of \(scores.heads.count) heads") "
                + "\(half > 1 ? "put" : "puts") more than half of the attention there"
                + (highest > 0.5 || score != .induction
                    ? "." : "; 'induct nulls' tells what stands out from chance.")
        )
        let earlier = scores.ranked(by: .previous).first { $0.head.layer < best.head.layer }
        if score == .induction, let earlier, let share = earlier.scores[.previous] {
            findings.append(
                "An induction head completes A B … A with B. In a model without other help it needs a head in an earlier layer "
                    + "that tells each position what came before it: there the highest previous-token score is that of "
                    + "\(earlier.head), \(share.percent)."
            )
        }
        return findings + ["A score says where a head looks, not what comes of it: ablation and patching do."]
    }
}

extension HeadScore {
    /// What the share of attention goes to.
    fileprivate var target: String {
        switch self {
        case .induction: "at a token that has occurred before goes to what followed it then"
        case .duplicate: "at a token that has occurred before goes to where it stood then"
        case .previous: "goes to the token before"
        case .first: "goes to the first token"
        }
    }
}
