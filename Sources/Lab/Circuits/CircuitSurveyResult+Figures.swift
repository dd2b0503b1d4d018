// The figures of a survey of circuits: copying scores, composition, eigenvalues.
public import Figures
import Foundation
import Induction
import Transformers

extension CircuitSurveyResult {
    /// Copying scores of all heads, composition of all pairs where there are any, and the eigenvalues of the heads that copy
    /// most.
    public func figures(of model: LoadedModel) throws -> [NamedFigure] {
        [
            NamedFigure(name: "copying", figure: heatmap),
            pairs.map { NamedFigure(name: "composition", figure: $0) },
            eigenvalues.map { NamedFigure(name: "eigenvalues", figure: $0) },
        ].compactMap(\.self)
    }

    /// The OV copying score of every head, layer by head.
    public var heatmap: HeadHeatmap {
        let layers = (heads.last?.head.layer ?? 0) + 1
        return HeadHeatmap(
            title: FigureTitle(
                "Copying score of every head",
                subtitle: ["\(model), from the eigenvalues of the OV circuit"]
            ),
            valueName: "copying score",
            values: (0..<layers).map { layer in heads.filter { $0.head.layer == layer }.map(\.ov.score) },
            scale: .signed(limit: 1),
            undefinedName: "circuit is zero"
        )
    }

    /// Composition of every pair, a panel a kind; nil where there is no pair.
    public var pairs: PairMatrix? {
        let senders = composition.heads.filter { $0.layer < composition.heads.last?.layer ?? 0 }
        let receivers = composition.heads.filter { $0.layer > 0 }
        guard !senders.isEmpty, !shownMatrices.isEmpty else { return nil }
        let first = composition.heads.count - receivers.count
        return PairMatrix(
            title: FigureTitle(
                "Composition of heads",
                subtitle: [
                    "\(model), Frobenius ratios minus \(String(format: "%.4f", composition.randomMean)), the mean of "
                        + "\(composition.draws) random draws"
                ]
            ),
            valueName: "composition minus random",
            senders: senders.map(\.description),
            receivers: receivers.map(\.description),
            panels: shownMatrices.map { matrix in
                PairMatrix.Panel(
                    title: matrix.title,
                    pairs: senders.indices.flatMap { sender in
                        receivers.indices.filter { receivers[$0].layer > senders[sender].layer }.map {
                            PairMatrix.Pair(
                                sender: sender,
                                receiver: $0,
                                value: matrix.scores[sender][first + $0]
                            )
                        }
                    }
                )
            },
            undefinedName: "circuit is zero"
        )
    }

    /// Eigenvalues of the OV circuits with the highest copying scores.
    public var eigenvalues: EigenvaluePlane? {
        let panels = ranked.prefix(4).compactMap { circuits, _ in
            circuits.ov.score.map { score in
                EigenvaluePlane.Panel(
                    title: "\(circuits.head), copying \(String(format: "%.3f", score))",
                    eigenvalues: circuits.ov.eigenvalues.map {
                        EigenvaluePlane.Eigenvalue(real: $0.real, imaginary: $0.imaginary)
                    }
                )
            }
        }
        guard !panels.isEmpty else { return nil }
        return EigenvaluePlane(
            title: FigureTitle(
                "Eigenvalues of the OV circuits that copy most",
                subtitle: ["\(model), of the maps from tokens to logits"]
            ),
            panels: panels
        )
    }
}
