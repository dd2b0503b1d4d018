// A survey of circuits as JSON and CSV. The JSON has the highest pairs of each composition matrix, the CSV all of them.
public import Foundation
import Induction
import JSON
import Runs
import Transformers

extension CircuitSurveyResult {
    /// Pairs of a matrix that the JSON holds.
    static let listedPairs = 50

    /// circuits.json, heads.csv, composition.csv.
    public func files() throws -> [NamedFile] {
        [
            NamedFile("circuits.json", try json()), NamedFile("heads.csv", headTable),
            NamedFile("composition.csv", pairTable),
        ]
    }

    /// Heads with their circuits, and the highest pairs of each kind of composition.
    public func json() throws -> Data {
        let report: JSONValue = [
            "model": .string(model),
            "offsets": isRotary ? .array(survey.offsets.map { .int($0) }) : .null,
            "seed": .int(survey.seed),
            "copying_by_logits_tokens": .array(copying.tokens.map { .int($0) }),
            "heads": .array(zip(heads, copying.scores).map { Self.json($0, byLogits: $1) }),
            "composition": [
                "random_mean": .double(composition.randomMean),
                "draws": .int(composition.draws),
                "matrices": .array(composition.matrices.map(json)),
            ],
            "notes": .array(notes.map { .string($0) }),
        ]
        return Data(report.text.utf8)
    }

    private static func json(_ head: HeadCircuits, byLogits: Double?) -> JSONValue {
        var fields: [String: JSONValue] = [
            "layer": .int(head.head.layer),
            "head": .int(head.head.index),
            "ov": [
                "copying_score": .number(head.ov.score),
                "copying_score_by_logits": .number(byLogits),
                "norm": .double(head.ov.norm),
                "eigenvalues": .array(
                    head.ov.eigenvalues.map { [.double($0.real), .double($0.imaginary)] }
                ),
            ],
            "qk": .array(
                head.qk.map {
                    [
                        "offset": .int($0.offset), "matching_score": .number($0.circuit.score),
                        "norm": .double($0.circuit.norm),
                    ]
                }
            ),
        ]
        if let share = head.ownKeyShare { fields["own_key_share"] = .double(share) }
        return .object(fields)
    }

    private func json(_ matrix: CompositionMatrix) -> JSONValue {
        func name(_ head: Head) -> JSONValue { ["layer": .int(head.layer), "head": .int(head.index)] }
        let pairs = composition.ranked(matrix)
        return [
            "kind": .string(matrix.kind.rawValue),
            "offset": .int(matrix.offset),
            "pairs": .int(pairs.count),
            "highest": .array(
                pairs.prefix(Self.listedPairs).map {
                    ["earlier": name($0.earlier), "later": name($0.later), "score": .double($0.score)]
                }
            ),
        ]
    }

    private var headTable: String {
        let offsets = (heads.first?.qk ?? []).map { $0.offset.map { "_offset_\($0)" } ?? "" }
        let heading =
            ["layer", "head", "copying_score", "copying_score_by_logits", "ov_norm"]
            + offsets.flatMap { ["matching_score\($0)", "qk_norm\($0)"] }
        return CSV.text(
            [heading]
                + zip(heads, copying.scores).map { head, byLogits in
                    ["\(head.head.layer)", "\(head.head.index)"]
                        + [head.ov.score, byLogits, head.ov.norm].map(\.csv)
                        + head.qk.flatMap { [$0.circuit.score, $0.circuit.norm].map(\.csv) }
                }
        )
    }

    private var pairTable: String {
        let heading = [
            "kind", "offset", "earlier_layer", "earlier_head", "later_layer", "later_head", "score",
        ]
        var rows = [heading]
        for matrix in composition.matrices {
            for (earlier, scores) in zip(composition.heads, matrix.scores) {
                for (later, score) in zip(composition.heads, scores) where later.layer > earlier.layer {
                    rows.append(
                        [
                            matrix.kind.rawValue, matrix.offset.map(String.init) ?? "", "\(earlier.layer)",
                            "\(earlier.index)", "\(later.layer)", "\(later.index)", score.csv,
                        ]
                    )
                }
            }
        }
        return CSV.text(rows)
    }
}
