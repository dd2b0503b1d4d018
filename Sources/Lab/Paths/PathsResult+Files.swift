// Paths as paths.json and paths.csv.
public import Foundation
import Induction
import JSON
import Transformers

extension PathsResult {
    /// paths.json and paths.csv.
    public func files() throws -> [NamedFile] {
        [NamedFile("paths.json", try json()), NamedFile("paths.csv", csv)]
    }

    /// Settings, the metric in both runs, and path by path the metric and its recovery. Undefined numbers are null, with
    /// the reason beside them.
    public func json() throws -> Data {
        let comparison = question.comparison
        let value: JSONValue = .object([
            "model": .string(model),
            "metric": .string(comparison.metric.rawValue),
            "direction": .string(comparison.direction.rawValue),
            "mlps": .string(question.mlps.rawValue),
            "prompts": comparison.promptsJSON(count: promptCount),
            "clean": .number(levels.clean),
            "corrupted": .number(levels.corrupted),
            "receivers": .array(receivers.map { .string($0.description) }),
            "receivers_chosen_by": .string(choice),
            "queries_per_key": .int(queriesPerKey),
            "interval": "BCa bootstrap over prompts, 95%",
            "notes": .array(notes.map { .string($0) }),
            "results": .array(paths.map(Self.json)),
        ])
        return Data(value.text.utf8)
    }

    private var choice: String {
        switch question.receivers {
        case .all: "all"
        case .listed: "list"
        case .highest(_, let score): "\(score.rawValue) score on repeat prompts"
        }
    }

    private static func json(_ path: Path) -> JSONValue {
        let receiver: JSONValue =
            switch path.receiver {
            case .input(let input, let head):
                .object([
                    "layer": .int(head.layer), "head": .int(head.index), "input": .string(input.rawValue),
                ])
            case .logits: "logits"
            }
        return .object([
            "sender": .object(["layer": .int(path.sender.layer), "head": .int(path.sender.index)]),
            "receiver": receiver,
            "patched": .number(path.patched),
            "recovery": .object([
                "mean": .number(path.recovery.mean),
                "low": .number(path.recovery.low),
                "high": .number(path.recovery.high),
                "std": .number(path.recovery.std),
                "trials": .int(path.recovery.trials),
                "undefined": path.recovery.undefined.map { .string($0.description) } ?? .null,
            ]),
        ])
    }

    /// A line a path; undefined numbers are empty.
    var csv: String {
        let lines = paths.map { path in
            [
                path.sender.description, path.receiver.name, path.receiver.input?.rawValue ?? "",
                path.patched.csv, path.recovery.mean.csv, path.recovery.low.csv, path.recovery.high.csv,
            ].joined(separator: ",")
        }
        return (["sender,receiver,input,patched,recovery,low,high"] + lines).joined(separator: "\n") + "\n"
    }
}
