// The figures of an ablation: every part's delta loss, and the largest with their intervals.
public import Figures
import Induction
import Transformers

extension AblateResult {
    private var kind: CausalComponent.Kind { ablate.components.kind }

    private var subtitle: [String] {
        [
            "\(model), \(tokens.count) \(ablate.prompts.description), \(ablate.mode.rawValue) ablation",
            "above zero: the \(kind.singular) helped",
        ]
    }

    private static let valueName = "delta loss, ablated − base (nats)"

    /// For heads a heatmap, for other parts bars by layer; and ranked bars.
    public func figures(of model: LoadedModel) -> [NamedFigure] {
        [
            kind == .head
                ? NamedFigure(name: "heatmap", figure: heatmap)
                : NamedFigure(name: "layers", figure: layerBars),
            NamedFigure(name: "ranked", figure: rankedBars),
        ]
    }

    /// Delta loss of every head, layer by head.
    public var heatmap: HeadHeatmap {
        HeadHeatmap(
            title: FigureTitle("Loss without each head", subtitle: subtitle),
            valueName: Self.valueName,
            values: (0..<shape.layers).map { layer in
                (0..<shape.heads).map { head in
                    parts.first { $0.component.layer == layer && $0.component.head == head }?.deltaLoss.mean
                }
            },
            scale: .signed(),
            undefinedName: ablate.components.isPartial ? "not cut" : "undefined"
        )
    }

    /// Delta loss by layer.
    public var layerBars: LayerBars {
        func column(_ value: (Estimate) -> Double?) -> [Double?] {
            (0..<shape.layers).map { layer in
                parts.first { $0.component.layer == layer }.flatMap { value($0.deltaLoss) }
            }
        }
        return LayerBars(
            title: FigureTitle("Loss without each of the \(kind.plural)", subtitle: subtitle),
            valueName: Self.valueName,
            layers: LayerCurve(
                name: kind.plural,
                means: column(\.mean),
                low: column(\.low),
                high: column(\.high)
            ),
            undefinedName: ablate.components.isPartial ? "not cut" : "undefined",
            intervals: "Whiskers: 95% BCa intervals over prompts"
        )
    }

    /// The parts with the largest deltas, with intervals.
    public var rankedBars: RankedBars {
        RankedBars(
            title: FigureTitle(
                "What cutting each of the \(kind.plural) costs",
                subtitle: subtitle + ["95% BCa intervals over prompts"]
            ),
            valueName: Self.valueName,
            entries: parts.map {
                RankedBars.Entry(
                    label: "\($0.component)",
                    value: $0.deltaLoss.mean,
                    low: $0.deltaLoss.low,
                    high: $0.deltaLoss.high
                )
            },
            scale: .signed(),
            kind: kind.plural
        )
    }
}
