// The figures of a lens: how the detailed prediction forms, the lens at every position, what wrote the answers.
public import Figures
import Foundation
import Induction
import Transformers

extension LensResult {
    /// What the copy of the evolution is called.
    static let evolutionCopy = "results/induction_logit_lens"

    /// Evolution, table and, where there are answers, attribution.
    public func figures(of model: LoadedModel) throws -> [NamedFigure] {
        [
            NamedFigure(name: "evolution", figure: evolution, copiedAs: Self.evolutionCopy),
            NamedFigure(name: "table", figure: table),
            attributionBars.map { NamedFigure(name: "attribution", figure: $0) },
        ].compactMap(\.self)
    }

    private var subtitle: String {
        let cell = example.reading.cell
        return "\(model), \(lens.prompts.description), prompt \(cell.prompt) after position \(cell.position)"
    }

    /// Probabilities of the last row's top tokens and of the target, row by row.
    public var evolution: PredictionEvolution {
        let target = example.reading.target
        return PredictionEvolution(
            title: FigureTitle("How the prediction forms", subtitle: ["Logit lens, " + subtitle]),
            tokens: example.paths.map {
                PredictionEvolution.Token(
                    token: names.text($0.id),
                    role: $0.id == target ? "target" : "",
                    probabilities: $0.probabilities
                )
            },
            convergence: example.reading.convergenceLayer
        )
    }

    /// The top token at every row and position of the example.
    public var table: Figures.LensTable {
        Figures.LensTable(
            title: FigureTitle(
                "Top token by layer and position",
                subtitle: ["\(model), \(lens.prompts.description), prompt \(example.reading.cell.prompt)"]
            ),
            tokens: example.table.tokens.map(names.text),
            top: example.table.top.map { row in
                row.map { Figures.LensTable.Top(token: names.text($0.id), probability: $0.probability) }
            }
        )
    }

    /// The largest terms in the order of computation, and the rest together.
    public var attributionBars: RankedBars? {
        guard let attribution else { return nil }
        let limit = 20
        let entries = zip(attribution.components, attribution.terms).map { component, term in
            RankedBars.Entry(
                label: component.description,
                value: term.mean,
                low: term.low,
                high: term.high
            )
        }
        let rest = entries.compactMap(\.value).sorted { abs($0) > abs($1) }.dropFirst(limit).reduce(0, +)
        let difference = attribution.difference.mean.map { " of \(String(format: "%+.2f", $0)) logits" } ?? ""
        return RankedBars(
            title: FigureTitle(
                "Direct logit attribution, answer minus foil",
                subtitle: [
                    "\(model), \(predictionCount) predictions of \(tokens.count) \(lens.prompts.description)",
                    "Terms\(difference); 95% intervals over prompts",
                ]
            ),
            valueName: "logits",
            entries: entries,
            scale: .signed(),
            limit: limit,
            kind: "components",
            order: .given,
            remainder: entries.count > limit ? RankedBars.Entry(label: "the others", value: rest) : nil
        )
    }
}
