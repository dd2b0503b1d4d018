// The figures of a scan: heatmap, ranked bars, patterns of the best heads.
public import Figures
import Induction
import Torch
import Transformers

extension ScanResult {
    private var subtitle: [String] {
        ["\(model), \(scores.promptCount) \(scan.prompts.description), \(scan.rule.rawValue) copies"]
    }

    /// Heatmap, ranked bars and the patterns of the best heads.
    ///
    /// - Throws: `TokensError`, `TokenizerError`.
    public func figures(of model: LoadedModel) throws -> [NamedFigure] {
        [
            NamedFigure(name: "heatmap", figure: heatmap),
            NamedFigure(name: "ranked", figure: rankedBars),
            NamedFigure(name: "patterns", figure: try patterns(of: model)),
        ]
    }

    /// The score of every head, layer by head.
    public var heatmap: HeadHeatmap {
        HeadHeatmap(
            title: FigureTitle(scan.score.title, subtitle: subtitle),
            valueName: scan.score.axis,
            values: scores.matrix(scan.score)
        )
    }

    /// The heads with the highest scores, with their intervals.
    public var rankedBars: RankedBars {
        RankedBars(
            title: FigureTitle(
                "Heads by \(scan.score.rawValue) score",
                subtitle: subtitle + ["95% intervals over prompts"]
            ),
            valueName: scan.score.axis,
            entries: scores.heads.map {
                let estimate = $0.scores[scan.score]
                return RankedBars.Entry(
                    layer: $0.head.layer,
                    head: $0.head.index,
                    value: estimate?.mean,
                    low: estimate?.low,
                    high: estimate?.high
                )
            }
        )
    }

    /// Attention of the best heads on the first prompt, with the keys that the score reads marked.
    ///
    /// - Throws: `TokensError`, `TokenizerError`.
    public func patterns(of model: LoadedModel, count: Int = 4) throws -> AttentionPatterns {
        let heads = ranked.prefix(count).map(\.head)
        let row = tokens.rows[0]
        let run = try model.transformer.run(
            Tokens([row]),
            recording: [.pattern.layers(Set(heads.map(\.layer)).sorted())],
            logits: .none
        )
        let labels = try model.opened.labels(of: row)
        let cells = scan.score.readCells(of: row, rule: scan.rule, excluding: model.opened.specialTokenIDs)
            .map { AttentionPattern.Cell(query: $0.query, key: $0.key) }
        return AttentionPatterns(
            title: FigureTitle("Attention of the best heads", subtitle: ["\(self.model), first prompt"]),
            panels: try heads.map { head in
                let pattern = try run[.pattern, layer: head.layer][0][head.index]
                return AttentionPatterns.Panel(
                    title: "\(head)",
                    tokens: labels,
                    pattern: (0..<row.count).map { pattern[$0].doubles },
                    highlighted: cells
                )
            },
            highlightName: "read by \(scan.score.rawValue)"
        )
    }
}

extension HeadScore {
    /// The heading of a figure.
    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() + " score of every head" }

    /// The quantity, for an axis.
    var axis: String {
        switch self {
        case .induction: "induction score A[t, s+1]"
        case .duplicate: "duplicate score A[t, s]"
        case .previous: "previous score A[t, t−1]"
        case .first: "first score A[t, 0]"
        }
    }
}
