// A scan as text for a terminal: the best heads, each with all four scores.
import Foundation
import Induction
import Transformers

extension ScanResult {
    /// The ten best heads.
    public var text: String { table(top: 10) }

    /// A table of the best heads, one a line, ranked, followed by notes.
    public func table(top: Int) -> String {
        let order = [scan.score] + HeadScore.allCases.filter { $0 != scan.score }
        let heading = row(["rank", "head"] + order.map(\.rawValue))
        let lines = ranked.prefix(top).enumerated().map { index, scored in
            row(
                ["\(index + 1)", "\(scored.head)"]
                    + order.map { cell(scored.scores[$0], withInterval: $0 == scan.score) }
            )
        }
        let shown = min(top, scores.heads.count)
        let text = """
            \(model): \(scores.promptCount) \(scan.prompts.description), \(scores.heads.count) heads, \
            the \(shown) highest by \(scan.score.rawValue) (95% interval over prompts)

            """
        return ([text, heading] + lines + notes.map { "\n\($0)" }).joined(separator: "\n") + "\n"
    }

    private func row(_ cells: [String]) -> String {
        let widths = [4, 8, 22] + Array(repeating: 11, count: cells.count - 3)
        return zip(cells, widths).enumerated().map { index, pair in
            let padding = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
            return index == 1 ? "  " + pair.0 + padding : padding + pair.0
        }.joined()
    }

    private func cell(_ estimate: Estimate?, withInterval: Bool) -> String {
        guard let mean = estimate?.mean else { return "–" }
        let value = String(format: "%.3f", mean)
        guard withInterval, let low = estimate?.low, let high = estimate?.high else { return value }
        return value + String(format: " [%.3f, %.3f]", low, high)
    }
}
