// Circuits in words.
import Induction
import Transformers

extension CircuitSurveyResult {
    /// The head that copies most, and the pair that composes most through keys.
    public var findings: [String] {
        var findings: [String] = []
        if let first = ranked.first, let score = first.circuits.ov.score {
            let high = heads.count { ($0.ov.score ?? 0) > 0.5 }
            findings.append(
                "\(first.circuits.head) of \(model) writes what it looks at: its OV circuit has the highest copying score, "
                    + "\(Optional(score).signed) of 1; \(high) of \(heads.count) heads have more than 0.5."
            )
        } else {
            findings.append("No head of \(model) has a copying score: its OV circuits are zero.")
        }
        if let matrix = shownMatrices.first(where: { $0.kind == .k }),
            let pair = composition.ranked(matrix).first
        {
            findings.append(
                "Through keys, \(pair.earlier) composes most with \(pair.later): \(Optional(pair.score).signed) above heads of "
                    + "random weights. A previous-token head that writes into an induction head's keys does so."
            )
        }
        return findings + [
            "This is read from the weights alone: it says what heads would do with what they look at, not that they look there."
        ]
    }
}
