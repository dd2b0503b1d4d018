// A scan as JSON: what `induct scan --json` prints.
public import Foundation
import Induction
import Transformers

extension ScanResult {
    /// scan.json.
    public func files() throws -> [NamedFile] { [NamedFile("scan.json", try json())] }

    /// The scorecard: model, settings and, head by head, each score with its interval and number of pairs. `high`,
    /// `low` and `mean` are null where they are not defined.
    public func json() throws -> Data {
        let scorecard = Scorecard(
            model: model,
            score: scan.score.rawValue,
            pairRule: scan.rule.rawValue,
            prompts: Scorecard.Prompts(
                source: scan.prompts.description,
                count: tokens.count,
                tokens: tokens.lengths.reduce(0, +)
            ),
            interval: "BCa bootstrap over prompts, 95%",
            notes: notes,
            heads: scores.heads.map { Scorecard.Entry(head: $0) }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(scorecard) + Data("\n".utf8)
    }
}

private struct Scorecard: Encodable {
    var model: String
    var score: String
    var pairRule: String
    var prompts: Prompts
    var interval: String
    var notes: [String]
    var heads: [Entry]

    enum CodingKeys: String, CodingKey {
        case model, score, prompts, interval, notes, heads
        case pairRule = "pair_rule"
    }

    struct Prompts: Encodable {
        var source: String
        var count: Int
        var tokens: Int
    }

    struct Entry: Encodable {
        var head: ScoredHead

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(head.head.layer, forKey: Key(stringValue: "layer"))
            try container.encode(head.head.index, forKey: Key(stringValue: "head"))
            for (score, estimate) in head.scores {
                var values = container.nestedContainer(
                    keyedBy: Key.self,
                    forKey: Key(stringValue: score.rawValue)
                )
                // Written out, so that an undefined value is null and not a missing key.
                try values.encode(estimate.mean, forKey: Key(stringValue: "mean"))
                try values.encode(estimate.low, forKey: Key(stringValue: "low"))
                try values.encode(estimate.high, forKey: Key(stringValue: "high"))
                try values.encode(estimate.pairs, forKey: Key(stringValue: "pairs"))
            }
        }
    }

    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
