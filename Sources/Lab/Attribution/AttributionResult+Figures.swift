// The figures of attribution patching: heatmap of heads, nodes by layer and position, the largest nodes, agreement.
public import Figures
import Induction
import Transformers

extension AttributionResult {
    /// By kind: the map of its nodes, the largest ones with intervals, and agreement with patching where it was checked.
    public func figures(of model: LoadedModel) throws -> [NamedFigure] {
        kinds.flatMap { kind -> [NamedFigure] in
            var figures: [NamedFigure] = []
            if kind == .head {
                figures.append(NamedFigure(name: "heatmap", figure: heatmap))
            } else if question.isByPosition {
                figures.append(NamedFigure(name: "positions_\(kind.rawValue)", figure: positions(kind)))
            }
            figures.append(NamedFigure(name: "ranked_\(kind.rawValue)", figure: bars(kind)))
            if let agreement = agreements.first(where: { $0.kind == kind }), !agreement.topNodes.isEmpty {
                figures.append(NamedFigure(name: "agreement_\(kind.rawValue)", figure: scatter(agreement)))
            }
            return figures
        }
    }

    private var subtitle: [String] {
        let comparison = question.comparison
        return [
            "\(model), \(comparison.promptText(count: promptCount))",
            "\(comparison.direction.rawValue), \(comparison.metric.rawValue): \(levels.text)",
        ]
    }

    private var axis: String { "attribution: \(question.comparison.changeText)" }

    /// The attribution of every head; by position, the sum over positions.
    public var heatmap: HeadHeatmap {
        let heads = nodes.filter { $0.component.kind == .head }
        let layers = (heads.map(\.component.layer).max() ?? -1) + 1
        let count = (heads.compactMap(\.component.head).max() ?? -1) + 1
        var values = Array(repeating: [Double?](repeating: 0, count: count), count: layers)
        for node in heads {
            let (layer, head) = (node.component.layer, node.component.head ?? 0)
            values[layer][head] = values[layer][head].flatMap { sum in node.attribution.mean.map { sum + $0 }
            }
        }
        return HeadHeatmap(
            title: FigureTitle(
                "Attribution of every head",
                subtitle: subtitle + (question.isByPosition ? ["summed over positions"] : [])
            ),
            valueName: axis,
            values: values,
            scale: .signed()
        )
    }

    private func positions(_ kind: CausalComponent.Kind) -> LayerPositionHeatmap {
        let own = nodes.filter { $0.component.kind == kind }
        let layers = (own.map(\.component.layer).max() ?? -1) + 1
        var values = Array(repeating: [Double?](repeating: nil, count: labels.count), count: layers)
        for node in own {
            if let position = node.component.position {
                values[node.component.layer][position] = node.attribution.mean
            }
        }
        return LayerPositionHeatmap(
            title: FigureTitle(
                "Attribution by layer and position: \(kind.nodesText)",
                subtitle: subtitle + ["mean over prompts; the tokens are those of one clean prompt"]
            ),
            valueName: axis,
            tokens: labels,
            values: values
        )
    }

    private func bars(_ kind: CausalComponent.Kind) -> RankedBars {
        RankedBars(
            title: FigureTitle(
                "Largest attributions: \(kind.nodesText)",
                subtitle: subtitle + ["95% intervals over prompts"]
            ),
            valueName: axis,
            entries: nodes.filter { $0.component.kind == kind }.map {
                RankedBars.Entry(
                    label: "\($0.component)",
                    value: $0.attribution.mean,
                    low: $0.attribution.low,
                    high: $0.attribution.high
                )
            },
            scale: .signed(),
            kind: question.isByPosition ? "nodes" : kind == .head ? "heads" : "layers"
        )
    }

    private func scatter(_ agreement: AttributionEffects.Agreement) -> AgreementScatter {
        func points(_ indices: [Int]) -> [AgreementScatter.Point] {
            indices.map { nodes[$0] }.map {
                AgreementScatter.Point(
                    label: "\($0.component)",
                    exact: $0.exact?.mean,
                    estimated: $0.attribution.mean
                )
            }
        }
        func correlation(_ name: String, _ value: Correlation) -> [String] {
            if value.count == 0 { return [] }
            guard value.undefined == nil else {
                return ["\(name): undefined, \(value.undefined?.attributionText ?? "")"]
            }
            return ["\(name): Pearson \(value.pearson.fixed), Spearman \(value.spearman.fixed)"]
        }
        return AgreementScatter(
            title: FigureTitle(
                "Attribution against patching: \(agreement.kind.nodesText)",
                subtitle: subtitle + correlation("largest", agreement.top)
                    + correlation("random others", agreement.sample)
            ),
            exactName: "exact: \(question.comparison.changeText) when patched",
            estimateName: axis,
            top: points(agreement.topNodes),
            sample: points(agreement.sampleNodes)
        )
    }
}
