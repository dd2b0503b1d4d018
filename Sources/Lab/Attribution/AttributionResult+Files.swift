// Attributions as attribution.json and attribution.csv.
public import Foundation
import Induction
import JSON
import Transformers

extension AttributionResult {
    /// attribution.json and attribution.csv.
    public func files() throws -> [NamedFile] {
        [NamedFile("attribution.json", try json()), NamedFile("attribution.csv", csv)]
    }

    /// Settings, the metric in both runs, the agreement with patching by kind, and every node. Undefined numbers are
    /// null, correlations with the reason beside them.
    public func json() throws -> Data {
        let comparison = question.comparison
        let value: JSONValue = .object([
            "model": .string(model),
            "metric": .string(comparison.metric.rawValue),
            "direction": .string(comparison.direction.rawValue),
            "prompts": comparison.promptsJSON(count: promptCount),
            "clean": .number(levels.clean),
            "corrupted": .number(levels.corrupted),
            "by_position": .bool(question.isByPosition),
            "interval": "BCa bootstrap over prompts, 95%",
            "notes": .array(notes.map { .string($0) }),
            "agreement": .array(agreements.map(json)),
            "results": .array(nodes.map(json)),
        ])
        return Data(value.text.utf8)
    }

    private func json(_ agreement: AttributionEffects.Agreement) -> JSONValue {
        func value(_ correlation: Correlation) -> JSONValue {
            .object([
                "nodes": .int(correlation.count),
                "pearson": .number(correlation.pearson),
                "spearman": .number(correlation.spearman),
                "undefined": correlation.undefined.map { .string($0.attributionText) } ?? .null,
            ])
        }
        return .object([
            "component": .string(agreement.kind.rawValue),
            "top": value(agreement.top),
            "sample": value(agreement.sample),
            "furthest": furthest(agreement).map { .string($0.component.description) } ?? .null,
        ])
    }

    private func json(_ node: Node) -> JSONValue {
        func index(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }
        var fields: [String: JSONValue] = [
            "component": .string(node.component.kind.rawValue),
            "layer": .int(node.component.layer),
            "head": index(node.component.head),
            "position": index(node.component.position),
            "exact": .null, "exact_low": .null, "exact_high": .null,
        ]
        fields.merge(node.attribution.fields("attribution")) { $1 }
        if let exact = node.exact { fields.merge(exact.fields("exact")) { $1 } }
        return .object(fields)
    }

    /// A line a node; what is undefined or was not checked is empty.
    var csv: String {
        let heading = [
            "component", "layer", "head", "position", "attribution", "low", "high", "exact", "exact_low",
            "exact_high",
        ]
        let lines = nodes.map { node in
            let component = node.component
            let place = [
                component.kind.rawValue, "\(component.layer)", component.head.map(String.init) ?? "",
                component.position.map(String.init) ?? "",
            ]
            let values = [node.attribution, node.exact].flatMap { [$0?.mean, $0?.low, $0?.high] }
            return (place + values.map(\.csv)).joined(separator: ",")
        }
        return ([heading.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }
}
