// A survey of circuits as text: the heads that copy most, and the pairs that compose most.
import Foundation
import Induction
import Transformers

extension CircuitSurveyResult {
    /// The ten first heads and pairs.
    public var text: String { table(top: 10) }

    /// Heads by copying score and pairs by composition, the highest first, with notes.
    public func table(top: Int) -> String {
        let shown = min(top, heads.count)
        let title = "\(model): circuits of \(heads.count) heads, the \(shown) highest by the OV copying score"
        let tables = [headTable(top: shown), pairTable(top: top)].filter { !$0.isEmpty }
        return title + "\n\n" + tables.map { $0 + "\n" }.joined() + notes.joined(separator: "\n") + "\n"
    }

    private func headTable(top: Int) -> String {
        let offsets = (heads.first?.qk ?? []).map { $0.offset.map { " at \($0)" } ?? "" }
        let heading =
            ["head", "copying", "by logits", "|OV|"] + offsets.flatMap { ["match\($0)", "|QK|\($0)"] }
        let rows = ranked.prefix(top).map { circuits, byLogits in
            [
                circuits.head.description, signed(circuits.ov.score), plain(byLogits),
                plain(circuits.ov.norm),
            ] + circuits.qk.flatMap { [signed($0.circuit.score), plain($0.circuit.norm)] }
        }
        return TextTable(heading: heading, isText: [0], rows: rows).text
    }

    private func pairTable(top: Int) -> String {
        let matrices = shownMatrices.filter { !composition.ranked($0).isEmpty }
        guard !matrices.isEmpty else { return "" }
        let heading = matrices.map(\.title)
        let lists = matrices.map { matrix in
            composition.ranked(matrix).prefix(top)
                .map { "\($0.earlier) \u{2192} \($0.later)  \(signed($0.score))" }
        }
        let rows = (0..<(lists.map(\.count).max() ?? 0)).map { row in
            lists.map { row < $0.count ? $0[row] : "" }
        }
        return "Composition, the highest pairs (minus random)\n\n"
            + TextTable(heading: heading, isText: Set(heading.indices), rows: rows).text
    }

    private func signed(_ value: Double?) -> String {
        value.map { String(format: "%+.3f", $0) } ?? Estimate.missing
    }

    private func plain(_ value: Double?) -> String {
        value.map { String(format: "%.3f", $0) } ?? Estimate.missing
    }
}

extension CompositionMatrix {
    /// The kind and, where there is one, the offset.
    var title: String { kind.rawValue.uppercased() + (offset.map { " at offset \($0)" } ?? "") }
}
