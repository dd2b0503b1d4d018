// Attributions as text for a terminal: the largest of each kind, and whether patching agrees.
import Induction
import Transformers

extension AttributionResult {
    /// The ten largest of each kind.
    public var text: String { text(top: 10) }

    /// What was compared, the largest attributions of each kind, and the agreement with patching.
    public func text(top: Int) -> String {
        let comparison = question.comparison
        let heading = """
            \(model): attribution patching, \(comparison.promptText(count: promptCount)), \(comparison.direction.rawValue)
            \(comparison.metric.rawValue): \(levels.text); effects are changes of it (95% interval over prompts)

            """
        let tables = kinds.map { "\n\(caption($0, top: top))\n" + table(ranked($0).prefix(top)).text }
        return heading + tables.joined() + "\n" + agreementText + notes.map { "\n\($0)\n" }.joined()
    }

    private func caption(_ kind: CausalComponent.Kind, top: Int) -> String {
        let count = nodes.count { $0.component.kind == kind }
        let places = question.isByPosition ? ", by position" : ""
        return "\(kind.nodesText)\(places): \(min(top, count)) of \(count)"
    }

    private func table(_ nodes: some Sequence<Node>) -> TextTable {
        TextTable(
            heading: ["node", "attribution", "exact"],
            isText: [0],
            rows: nodes.map { node in
                [
                    "\(node.component)", node.attribution.text { Optional($0).signed },
                    node.exact.map { $0.text { Optional($0).signed } } ?? "not patched",
                ]
            }
        )
    }

    private var agreementText: String {
        guard !agreements.isEmpty else {
            return
                "Nothing was patched: whether these attributions can be trusted is not known. Leave --no-check away.\n"
        }
        let table = TextTable(
            heading: ["agreement with patching", "nodes", "Pearson", "Spearman", ""],
            isText: [0, 4],
            rows: agreements.flatMap { agreement in
                [
                    row("\(agreement.kind.rawValue), largest", agreement.top),
                    row("\(agreement.kind.rawValue), random others", agreement.sample),
                ].filter { $0[1] != "0" }
            }
        )
        let gaps = agreements.compactMap { agreement -> String? in
            guard let node = furthest(agreement) else { return nil }
            return """
                \(agreement.kind.rawValue): furthest apart is \(node.component), attribution \
                \(node.attribution.mean.signed), exact \((node.exact?.mean).signed)

                """
        }
        return table.text + gaps.joined() + """
            Trust the order of attributions where both correlations are near 1, their size where the gap is small beside \
            the effects; else patch.

            """
    }

    private func row(_ name: String, _ correlation: Correlation) -> [String] {
        [
            name, "\(correlation.count)", correlation.pearson.fixed, correlation.spearman.fixed,
            correlation.undefined.map { "undefined: \($0.attributionText)" } ?? "",
        ]
    }
}
