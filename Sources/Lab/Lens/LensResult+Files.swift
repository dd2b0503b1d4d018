// A lens as JSON and CSV: lens.json, lens.csv (all predictions by row), attribution.csv (all components).
public import Foundation
import Induction
import JSON
import Runs
import Transformers

extension LensResult {
    /// lens.json and, where there are answers, lens.csv and attribution.csv.
    public func files() throws -> [NamedFile] {
        [NamedFile("lens.json", try json())]
            + (rows.isEmpty ? [] : [NamedFile("lens.csv", rowTable)])
            + (attribution.map { [NamedFile("attribution.csv", Self.table(of: $0))] } ?? [])
    }

    /// The detailed prediction in `layers`, `convergence_layer` and `stability`; all predictions in `aggregate`; what wrote
    /// them in `attribution`.
    public func json() throws -> Data {
        let reading = example.reading
        let report: JSONValue = [
            "model": .string(model),
            "prompts": [
                "source": .string(lens.prompts.description), "count": .int(tokens.count),
                "predictions": .int(predictionCount),
            ],
            "threshold": .double(lens.threshold),
            "example": [
                "prompt": .int(reading.cell.prompt),
                "position": .int(reading.cell.position),
                "tokens": .array(example.table.tokens.map(token)),
                "target": reading.target.map(token) ?? .null,
            ],
            "layers": .array(reading.rows.map(json)),
            "convergence_layer": .int(reading.convergenceLayer),
            "stability": .number(reading.stability),
            "paths": .array(
                example.paths.map { path in
                    [
                        "id": .int(path.id), "token": .string(names.text(path.id)),
                        "probabilities": .array(path.probabilities.map { .double($0) }),
                    ]
                }
            ),
            "aggregate": .array(rows.map(json)),
            "attribution": attribution.map(json) ?? .null,
            "interval": "bootstrap over prompts, 95%: BCa for means, percentile for medians",
            "notes": .array(notes.map { .string($0) }),
        ]
        return Data(report.text.utf8)
    }

    private func token(_ id: Int) -> JSONValue { ["id": .int(id), "token": .string(names.text(id))] }

    private func json(_ row: LensRow) -> JSONValue {
        [
            "layer": .int(row.layer),
            "top": .array(
                row.top.map {
                    [
                        "id": .int($0.id), "token": .string(names.text($0.id)),
                        "probability": .double($0.probability),
                    ]
                }
            ),
            "target": row.target.map {
                ["rank": .int($0.rank), "probability": .double($0.probability), "logit": .double($0.logit)]
            } ?? .null,
        ]
    }

    private func json(_ row: LensRowSummary) -> JSONValue {
        [
            "layer": .int(row.layer),
            "probability": .estimate(row.probability),
            "rank": [
                "median": .int(row.rank.median), "low": .number(row.rank.low), "high": .number(row.rank.high),
            ],
            "first": .estimate(row.first),
        ]
    }

    private func json(_ attribution: LensAttribution) -> JSONValue {
        let example = attribution.example
        return [
            "logit_difference": .estimate(attribution.difference),
            "sum": .double(attribution.sum),
            "components": .array(
                zip(attribution.components, attribution.terms).map { component, term in
                    [
                        "component": .string(component.description),
                        "kind": .string(component.kind.rawValue),
                        "layer": .int(component.layer),
                        "head": .int(component.head),
                        "mean": .number(term.mean),
                        "low": .number(term.low),
                        "high": .number(term.high),
                    ]
                }
            ),
            "example": [
                "answer": token(example.answer), "foil": token(example.foil),
                "logit_difference": .double(example.logitDifference),
                "terms": .array(example.terms.map { .double($0) }),
            ],
        ]
    }

    private var rowTable: String {
        let heading = [
            "layer", "probability", "probability_low", "probability_high", "median_rank", "median_rank_low",
            "median_rank_high", "first", "first_low", "first_high",
        ]
        return CSV.text(
            [heading]
                + rows.map { row in
                    ["\(row.layer)"] + Self.fields(row.probability)
                        + [row.rank.median.map(String.init) ?? ""]
                        + [row.rank.low, row.rank.high].map(\.csv)
                        + Self.fields(row.first)
                }
        )
    }

    private static func table(of attribution: LensAttribution) -> String {
        CSV.text(
            [["component", "kind", "layer", "head", "mean", "low", "high"]]
                + zip(attribution.components, attribution.terms).map { component, term in
                    [
                        component.description, component.kind.rawValue,
                        component.layer.map(String.init) ?? "", component.head.map(String.init) ?? "",
                    ] + fields(term)
                }
        )
    }

    private static func fields(_ estimate: Estimate) -> [String] {
        [estimate.mean, estimate.low, estimate.high].map(\.csv)
    }
}
