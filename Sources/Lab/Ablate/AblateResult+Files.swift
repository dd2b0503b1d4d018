// An ablation as files: ablation.json, which `--json` prints too, ablation_results.csv and report.md.
public import Foundation
import Induction
import JSON
import Runs
import Transformers

extension AblateResult {
    /// All files; table and report have dated copies, as in seed 004.
    public func files() throws -> [NamedFile] {
        let name = fileName(model)
        return [
            NamedFile("ablation.json", try json()),
            NamedFile("ablation_results.csv", csv, copiedAs: "ablation_results_\(name)"),
            NamedFile("report.md", report, copiedAs: "report_\(name)"),
        ]
    }

    /// Settings, base, summary, and the result of each part.
    public func json() throws -> Data {
        let base = baseLoss.fields("loss").merging(baseLogitDiff.fields("logit_diff")) { own, _ in own }
        let summary: JSONValue = [
            "parts": .int(parts.count), "positive": .int(positiveCount),
            "significant": .int(significantCount), "top": .int(topDeltas.count),
            "top_mean": .number(topDeltas.mean), "top_median": .number(topDeltas.median),
        ]
        let value: JSONValue = [
            "model": .string(model),
            "component": .string(ablate.components.kind.rawValue),
            "mode": .string(ablate.mode.rawValue),
            "zero_point": .string(ablate.zeroPoint.rawValue),
            "prompts": [
                "source": .string(ablate.prompts.description),
                "count": .int(tokens.count),
                "positions": .string(ablate.prompts.readPositions.rawValue),
                "predictions": .int(predictions),
                "foils": .string(hasFoils ? "given" : "base run's most probable other token"),
            ],
            "interval": "BCa bootstrap over prompts, 95%",
            "test": "paired sign flips of delta loss over prompts; q: Benjamini-Hochberg",
            "base": .object(base),
            "summary": summary,
            "results": .array(parts.map(\.json)),
            "notes": .array(notes.map { .string($0) }),
        ]
        return Data(value.text.utf8)
    }

    /// A row for each part, block by block; a value that is not there is an empty field.
    var csv: String {
        let heading = [
            "layer", "head", "component", "delta_loss", "low", "high", "p", "q", "delta_logit_diff",
            "delta_logit_diff_low", "delta_logit_diff_high", "base_loss", "ablated_loss", "base_logit_diff",
            "ablated_logit_diff", "prompts",
        ]
        let rows = parts.map { part in
            let values = [
                part.deltaLoss.mean, part.deltaLoss.low, part.deltaLoss.high, part.p, part.q,
                part.deltaLogitDiff.mean, part.deltaLogitDiff.low, part.deltaLogitDiff.high, baseLoss.mean,
                part.ablatedLoss, baseLogitDiff.mean, part.ablatedLogitDiff,
            ]
            return [
                "\(part.component.layer)", part.component.head.map(String.init) ?? "",
                part.component.kind.rawValue,
            ] + values.map(\.csv) + ["\(tokens.count)"]
        }
        return CSV.text([heading] + rows)
    }
}

extension AblateResult.Part {
    fileprivate var json: JSONValue {
        var fields: [String: JSONValue] = [
            "layer": .int(component.layer),
            "head": component.head.map { .int($0) } ?? .null,
            "component": .string(component.kind.rawValue),
            "delta_loss": .number(deltaLoss.mean), "low": .number(deltaLoss.low),
            "high": .number(deltaLoss.high),
            "p": .number(p), "q": .number(q),
            "ablated_loss": .number(ablatedLoss), "ablated_logit_diff": .number(ablatedLogitDiff),
        ]
        fields.merge(deltaLogitDiff.fields("delta_logit_diff")) { own, _ in own }
        return .object(fields)
    }
}
