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

    /// The row at which most of the final probability appears, if it is one.
    private var rise: String {
        let steps = zip(rows, rows.dropFirst()).compactMap {
            before,
            after -> (row: Int, from: Double, to: Double)? in
            guard let from = before.probability.mean, let to = after.probability.mean else { return nil }
            return (after.layer, from, to)
        }
        guard let largest = steps.max(by: { $0.to - $0.from < $1.to - $1.from }),
            let end = rows.last?.probability.mean, largest.to - largest.from > end / 2
        else { return "" }
        return String(
            format: "; most of it appears %@, where it rises from %.1f%% to %.1f%%",
            Self.name(ofRow: largest.row),
            100 * largest.from,
            100 * largest.to
        )
    }
}
