// A lens in words.
import Foundation
import Induction
import Transformers

extension LensResult {
    /// Where the answer appears, and what writes it.
    public var findings: [String] {
        guard let last = rows.last else {
            let layer = example.reading.convergenceLayer
            return [
                layer.map { "\(model) becomes confident of its prediction at layer \($0)." }
                    ?? "\(model) does not become confident of its prediction."
            ]
        }
        var findings = [
            "\(model) gives the right token a probability of \(last.probability.percent) at its end\(rise)."
        ]
        if let attribution,
            let (component, term) = zip(attribution.components, attribution.terms)
                .max(by: { ($0.1.mean ?? -.infinity) < ($1.1.mean ?? -.infinity) })
        {
            findings.append(
                "Of the logit difference \(attribution.difference.signed) between answer and foil, \(component) writes "
                    + "\(term.signed) directly, the most of \(attribution.components.count) components."
            )
        }
        return findings + [
            "A lens reads the stream as if the model ended there: a low probability in between does not show that the answer is "
                + "not there in another form."
        ]
    }

    /// The step from row to row at which the probability rises most.
    private var rise: String {
        let steps = zip(rows, rows.dropFirst()).compactMap { before, after in
            zip2(before.probability.mean, after.probability.mean).map { (after.layer, $0.0, $0.1) }
        }
        guard let largest = steps.max(by: { $0.2 - $0.1 < $1.2 - $1.1 }), largest.2 > largest.1 else {
            return ""
        }
        return String(
            format: "; most of it appears in block %d, from %.1f%% to %.1f%%",
            largest.0 - 1,
            100 * largest.1,
            100 * largest.2
        )
    }
}

private func zip2<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
