// Patching as files: patching.json, which `--json` prints too, and patching_results.csv.
public import Foundation
import Induction
import JSON
import Runs

extension PatchResult {
    /// Both files; the table has a dated copy.
    public func files() throws -> [NamedFile] {
        [
            NamedFile("patching.json", try json()),
            NamedFile("patching_results.csv", csv, copiedAs: "patching_results_\(fileName(model))"),
        ]
    }

    /// Settings, clean and corrupted values, and every part with its recovery. Where there is no recovery its numbers are
    /// null and `undefined` says why.
    public func json() throws -> Data {
        let prompts: JSONValue = [
            "source": .string(patch.comparison.prompts.description),
            "count": .int(promptCount),
            "positions": .string(patch.comparison.prompts.readPositions.rawValue),
            "predictions": .int(predictions),
            "corruption": patch.comparison.prompts.corruption.map { .string($0.rawValue) } ?? .null,
        ]
        var fields: [String: JSONValue] = [
            "model": .string(model),
            "component": .string(componentName),
            "metric": .string(patch.comparison.metric.rawValue),
            "direction": .string(patch.comparison.direction.rawValue),
            "patched_at": try JSONValue(encoding: patch.positions),
            "prompts": prompts,
            "interval": "BCa bootstrap over prompts, 95%",
            "threshold": .double(patch.threshold),
            "results": .array(parts.map { .object($0.fields) }),
            "important": .array(
                important.map { part in
                    .object(part.place.merging(["recovery": .number(part.recovery.mean)]) { own, _ in own })
                }
            ),
            "best": best,
            "notes": .array(notes.map { .string($0) }),
        ]
        fields.merge(clean.fields("clean").merging(corrupted.fields("corrupted")) { own, _ in own }) {
            own,
            _ in
            own
        }
        return Data(JSONValue.object(fields).text.utf8)
    }

    /// The part with the highest recovery, and what each prompt gains by it (loses by it, for noising).
    private var best: JSONValue {
        guard let part = ranked.first else { return .null }
        let gains = gains(part)
        let own: [String: JSONValue] = [
            "name": .string("\(part.component)"),
            "gain": [
                "mean": .number(gains.mean), "median": .number(gains.median), "std": .number(gains.deviation),
                "trials": .int(gains.count), "prompts": .array(gains.map { .double($0) }),
            ],
        ]
        return .object(part.place.merging(own) { own, _ in own })
    }

    /// A row for each part, block by block; a value that is not there is an empty field.
    var csv: String {
        let heading = [
            "layer", "head", "position", "component", "metric", "direction", "clean", "corrupted", "patched",
            "patched_low", "patched_high", "recovery", "low", "high", "std", "trials", "undefined",
        ]
        let rows = parts.map { part in
            let (component, recovery) = (part.component, part.recovery)
            let place = [component.head, component.position].map { $0.map(String.init) ?? "" }
            let values = [
                clean.mean, corrupted.mean, part.patched.mean, part.patched.low, part.patched.high,
                recovery.mean, recovery.low, recovery.high, recovery.std,
            ]
            return ["\(component.layer)"] + place
                + [componentName, patch.comparison.metric.rawValue, patch.comparison.direction.rawValue]
                + values.map(\.csv)
                + ["\(recovery.trials)", recovery.undefined?.description ?? ""]
        }
        return CSV.text([heading] + rows)
    }
}

extension PatchResult.Part {
    /// Layer, head and position; null for what the part does not have.
    fileprivate var place: [String: JSONValue] {
        [
            "layer": .int(component.layer), "head": component.head.map { .int($0) } ?? .null,
            "position": component.position.map { .int($0) } ?? .null,
        ]
    }

    fileprivate var fields: [String: JSONValue] {
        var fields = place.merging(patched.fields("patched")) { own, _ in own }
        fields["recovery"] = [
            "mean": .number(recovery.mean), "low": .number(recovery.low), "high": .number(recovery.high),
            "std": .number(recovery.std), "trials": .int(recovery.trials),
            "undefined": recovery.undefined.map { .string($0.description) } ?? .null,
        ]
        return fields
    }
}
