// A lens as text: the detailed prediction with its target, then all predictions, then what wrote them.
import Foundation
import Induction
import Transformers

extension LensResult {
    /// The example, the aggregate and the ten largest terms.
    public var text: String { text(terms: 10) }

    /// Everything, with a number of components.
    public func text(terms: Int) -> String {
        let count = tokens.count
        let source = lens.prompts.description
        let prompts = count == 1 ? source.replacing("prompts", with: "prompt", maxReplacements: 1) : source
        let title =
            "\(model): \(count) \(prompts), \(predictionCount) "
            + (predictionCount == 1 ? "prediction" : "predictions")
        let parts: [String?] = [
            title, exampleText, evolutionText, aggregateText, attributionText(terms),
            notes.joined(separator: "\n"),
        ]
        return parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var exampleText: String {
        let reading = example.reading
        let position = reading.cell.position
        let shown = 8
        let before = example.table.tokens[...position].suffix(shown).map(names.text).joined(separator: "|")
        var lines = [
            "Prompt \(reading.cell.prompt), after position \(position): "
                + (position >= shown ? "\u{2026} " : "") + String(reflecting: before),
            "Top \(reading.rows.last?.top.count ?? 0) predictions:",
        ]
        for (index, token) in (reading.rows.last?.top ?? []).enumerated() {
            let mark = token.id == reading.target ? "   <- target" : ""
            lines.append("  \(index + 1). \(names.quoted(token.id))  \(percent(token.probability))\(mark)")
        }
        if let target = reading.target, let found = reading.rows.last?.target {
            lines.append(
                "The target \(names.quoted(target)) has rank \(found.rank), with \(percent(found.probability))."
            )
        }
        return lines.joined(separator: "\n")
    }

    private var evolutionText: String {
        let reading = example.reading
        let rows = reading.rows.map { row in
            [Self.name(ofRow: row.layer)]
                + (row.top.first.map { [names.quoted($0.id), percent($0.probability)] } ?? [])
                + (row.target.map { ["\($0.rank)", percent($0.probability)] } ?? [])
        }
        let heading =
            ["Evolution", "top token", "probability"]
            + (reading.target == nil ? [] : ["target's rank", "probability"])
        let threshold = percent(lens.threshold, decimals: 0)
        let confidence =
            reading.convergenceLayer.map { "Model becomes confident at layer \($0) (\(threshold) or more)." }
            ?? "Model does not become confident: its prediction has less than \(threshold)."
        let stability = reading.stability.map { " Prediction stability: \(percent($0, decimals: 0))." } ?? ""
        return TextTable(heading: heading, isText: [0, 1], rows: rows).text + confidence + stability
    }

    private var aggregateText: String? {
        // Of one prediction the evolution says it all.
        guard !rows.isEmpty, predictionCount > 1 else { return nil }
        let heading = ["Target, all predictions", "mean probability", "median rank", "rank 1"]
        let cells = rows.map { row in
            [
                Self.name(ofRow: row.layer),
                row.probability.text { String(format: "%.3f", $0) },
                row.rank.estimate.text { String(format: "%.0f", $0) },
                row.first.text { String(format: "%.3f", $0) },
            ]
        }
        return String(TextTable(heading: heading, isText: [0], rows: cells).text.dropLast())
    }

    private func attributionText(_ count: Int) -> String? {
        guard let attribution else { return nil }
        let largest = zip(attribution.components, attribution.terms)
            .sorted { ($0.1.mean?.magnitude ?? 0) > ($1.1.mean?.magnitude ?? 0) }.prefix(count)
        let heading = ["Written to answer minus foil", "mean logits"]
        let cells = largest.map { component, term in
            ["\(component)", term.text(signed)]
        }
        let sum =
            "All \(attribution.terms.count) terms add up to \(signed(attribution.sum)); "
            + "the logit difference is \(attribution.difference.text(signed))."
        return TextTable(heading: heading, isText: [0], rows: cells).text + sum
    }

    static func name(ofRow layer: Int) -> String {
        layer == 0 ? "embedding" : "after block \(layer)"
    }

    private func percent(_ share: Double, decimals: Int = 2) -> String {
        String(format: "%.\(decimals)f%%", share * 100)
    }

    private func signed(_ value: Double) -> String { String(format: "%+.3f", value) }
}

extension MedianRank {
    /// As an estimate, to be written like one.
    fileprivate var estimate: Estimate {
        Estimate(mean: median.map(Double.init), low: low, high: high, pairs: 0)
    }
}
