// An ablation for readers: a few lines for a terminal, and the report.
import Foundation
import Induction
import Runs
import Transformers

extension AblateResult {
    /// Base, the largest deltas, and counts.
    public var text: String {
        let base = """
            \(model): \(tokens.count) \(ablate.prompts.description), loss \(baseLoss.text(plain)) nats, logit difference \
            \(baseLogitDiff.text(plain))
            \(ablate.mode.rawValue) ablation of \(parts.count) \(kind.plural), the largest delta loss first (95% intervals over prompts)


            """
        let lines = [summary] + notes
        return base + table(leading: ["rank", kind.singular], named: true).text + "\n"
            + lines.joined(separator: "\n") + "\n"
    }

    private var kind: CausalComponent.Kind { ablate.components.kind }

    /// Seed 004's summary.
    private var summary: String {
        let counts = "\(positiveCount) of \(parts.count) \(kind.plural) have a positive delta loss"
        let found = "\(significantCount) change the loss at q < 0.05"
        guard let mean = topDeltas.mean, let median = topDeltas.median else { return "\(counts); \(found)." }
        return """
            \(counts); \(found). Of the top \(topDeltas.count), the mean is \(signed(mean)), the median \
            \(signed(median)).
            """
    }

    /// The largest parts.
    ///
    /// - Parameter named: whether a part is called by its name; else by layer and head.
    private func table(leading: [String], named: Bool) -> TextTable {
        var table = TextTable(
            heading: leading + ["delta loss", "p", "q", "delta logit diff"],
            isText: named ? [1] : []
        )
        table.rows = ranked.prefix(ablate.top).enumerated().map { rank, part in
            let place =
                named
                ? ["\(part.component)"]
                : ["\(part.component.layer)"]
                    + (kind == .head ? [part.component.head.map(String.init) ?? ""] : [])
            return ["\(rank + 1)"] + place + [
                part.deltaLoss.text(signed), share(part.p), share(part.q), part.deltaLogitDiff.text(signed),
            ]
        }
        return table
    }

    /// report.md.
    var report: String {
        var settings = TextTable(heading: ["setting", "value"], isText: [0, 1])
        settings.rows = configuration
        let top = ranked.first.map { part in
            "- Top: **\(part.component)**, mean delta loss **\(signed(part.deltaLoss.mean ?? 0))**.\n"
        }
        let heading = ["Rank", "Layer"] + (kind == .head ? ["Head"] : [])
        return """
            # Ablation of \(model)

            ## Run configuration

            \(settings.markdown)
            ## Top \(min(ablate.top, ranked.count)) by delta loss

            \(table(leading: heading, named: false).markdown)
            \(top ?? "")- \(summary)

            ## Notes

            \((meanings + notes).map { "- \($0)" }.joined(separator: "\n"))

            ## To do it again

            ```sh
            \(command)
            ```

            `metadata.json` in the run's directory holds the experiment with the hashes of weights and prompts; \
            `induct verify DIRECTORY` does it again and compares.

            """
    }

    /// What to type; of a model in a directory the name alone is known.
    private var command: String {
        let type = compute.dtype == .float32 ? [] : ["--dtype", compute.dtype.rawValue]
        return (["induct", Ablate.command, "--model", model] + ablate.arguments + type).shellLine
    }

    private var configuration: [[String]] {
        let lengths = Set(tokens.lengths).sorted()
        let length = lengths.count == 1 ? "\(lengths[0])" : "\(lengths[0]) to \(tokens.length)"
        return [
            ["model", "\(model): \(shape.layers) layers of \(shape.heads) heads"],
            ["prompts", "\(tokens.count) \(ablate.prompts.description) of \(length) tokens"],
            [
                "predictions", "\(predictions): \(ablate.prompts.readPositions.rawValue)",
            ],
            ["seed", "\(ablate.seed)"],
            ["cut", "\(parts.count) \(kind.plural), each by itself, at all positions"],
            ["mode", ablate.mode.rawValue],
            ["zero", ablate.zeroPoint.rawValue],
            ["computed", "\(compute.device.rawValue), \(compute.dtype.rawValue)"],
            ["base loss", "\(baseLoss.text(plain)) nats"],
            ["base logit difference", baseLogitDiff.text(plain)],
        ]
    }

    /// What the numbers are.
    private var meanings: [String] {
        let foil =
            hasFoils
            ? "the answer of the corrupted prompt, or the one given"
            : "the token that the whole model finds most probable besides the answer"
        return [
            """
            Delta loss is the cross-entropy of the right token without the part minus that of the whole model, in nats: \
            positive says that the part helped. A part that matters may be made up for by others, so a small delta does not \
            show that it does nothing.
            """,
            "The logit difference is between the right token and its foil: \(foil).",
            ablate.mode.meaning(ablate.zeroPoint, of: kind),
            """
            Intervals are BCa bootstraps over prompts, 95%; p is from \
            \(tokens.count <= 12 ? "all" : "10,000 random") flips of the signs of the prompts' delta losses, q corrects for \
            the number of parts (Benjamini-Hochberg). Choosing the largest of many flatters them.
            """,
        ]
    }
}

extension AblationMode {
    /// One sentence on what is put in a part's place.
    fileprivate func meaning(_ zero: ZeroPoint, of kind: CausalComponent.Kind) -> String {
        let part = kind == .head ? "z of the head" : "what the part adds to the residual stream"
        let bias = kind == .head ? zero.meaning : ""
        return switch self {
        case .zero: "`zero`: \(part) is set to zero\(bias)."
        case .mean:
            """
            `mean`: \(part) is set to its mean at the same position over the prompts. Where all prompts begin alike, that is \
            what it is anyway.
            """
        case .meanAll: "`mean-all`: \(part) is set to its mean over all positions of all prompts."
        case .resample: "`resample`: \(part) is taken from another prompt, at the same position."
        case .patternPreserving:
            """
            `pattern-preserving`: \(part) is set to zero\(bias), and the attention patterns of all later layers are kept \
            as the whole model has them.
            """
        }
    }
}

extension ZeroPoint {
    fileprivate var meaning: String {
        switch self {
        case .raw: ", as the checkpoint's weights have it, the value bias included"
        case .valueBias: ", but for the value bias"
        case .foldedWeights:
            """
            , but for the value bias and what the norm's bias gives to the values: zero for weights that TransformerLens has \
            folded
            """
        }
    }
}

/// Three decimals, or two digits of what is smaller.
private func plain(_ value: Double) -> String {
    String(format: abs(value) < 0.0095 && value != 0 ? "%.2g" : "%.3f", value)
}

/// With its sign; what rounds to zero has none.
func signed(_ value: Double) -> String {
    let text = String(format: "%+.3f", value)
    return text.dropFirst() == "0.000" ? "0.000" : text
}

/// A probability.
private func share(_ value: Double?) -> String {
    guard let value else { return Estimate.missing }
    return value < 0.0001 ? "<0.0001" : String(format: "%.4f", value)
}
