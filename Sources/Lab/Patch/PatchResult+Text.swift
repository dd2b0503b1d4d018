// Patching as a few lines for a terminal.
import Foundation
import Induction

extension PatchResult {
    /// Clean and corrupted values, the highest recoveries, and which of them are important.
    public var text: String {
        let runs =
            patch.comparison.direction == .denoising
            ? "from clean into corrupted runs (denoising)" : "from corrupted into clean runs (noising)"
        let places =
            patch.isByPosition
            ? "each position by itself" : "\(patch.positions)"
        let heading = """
            \(model): \(promptCount) \(patch.comparison.prompts.description)\(corruptionText), \(patch.comparison.metric.rawValue): clean \
            \(clean.text(number)), corrupted \(corrupted.text(number))
            \(parts.count) \(kindName) patched \(runs) at \(places), 95% intervals over prompts

            """
        let found = ranked.isEmpty ? [] : [table.text, verdict]
        return heading + "\n" + (found + notes).joined(separator: "\n") + "\n"
    }

    private var corruptionText: String {
        patch.comparison.prompts.corruption.map { " against --corrupt \($0.rawValue)" } ?? ""
    }

    /// What the parts are called.
    var kindName: String { patch.components.kind.plural }

    private var verdict: String {
        let names = important.map { "\($0.component) \(number($0.recovery.mean ?? 0))" }
        let from = "with a recovery of \(String(format: "%g", patch.threshold)) or more, at most \(patch.top)"
        return names.isEmpty
            ? "Important (\(from)): none." : "Important (\(from)): \(names.joined(separator: ", "))."
    }

    private var table: TextTable {
        var table = TextTable(
            heading: [
                "rank", patch.components.kind.singular, "recovery", "std", patch.comparison.metric.rawValue,
            ],
            isText: [1]
        )
        table.rows = ranked.prefix(patch.top).enumerated().map { rank, part in
            let recovery = part.recovery
            let estimate = Estimate(
                mean: recovery.mean,
                low: recovery.low,
                high: recovery.high,
                pairs: recovery.trials
            )
            return [
                "\(rank + 1)", name(part), estimate.text(number),
                recovery.std.map(number) ?? Estimate.missing, part.patched.text(number),
            ]
        }
        return table
    }

    /// A part's name, with the token of its position.
    func name(_ part: Part) -> String {
        guard let position = part.component.position, tokens.indices.contains(position) else {
            return "\(part.component)"
        }
        return "\(part.component) (\(tokens[position]))"
    }
}

private func number(_ value: Double) -> String {
    let text = String(format: "%.3f", value)
    return text == "-0.000" ? "0.000" : text
}
