// The figures of patching: recovery of every part, the highest with their values, and what each prompt gains.
public import Figures
import Foundation
import Induction

extension PatchResult {
    private var kind: CausalComponent.Kind { patch.components.kind }

    private var subtitle: [String] {
        let corruption = patch.comparison.prompts.corruption.map { " against corrupt \($0.rawValue)" } ?? ""
        let places = patch.isByPosition ? "position by position" : "at \(patch.positions)"
        return [
            "\(model), \(promptCount) \(patch.comparison.prompts.description)\(corruption)",
            "\(patch.comparison.direction.rawValue) \(places)",
        ]
    }

    private var valueName: String { "recovery of \(patch.comparison.metric.rawValue)" }

    /// Why a place is empty.
    private var emptyName: String {
        undefined == nil && patch.components.isPartial ? "not patched" : "recovery undefined"
    }

    /// Recovery by head, layer or position; values of the highest; and, where there is a recovery, ranked bars and what each
    /// prompt gains by the best.
    public func figures(of model: LoadedModel) -> [NamedFigure] {
        let overview =
            if patch.isByPosition {
                NamedFigure(name: "positions", figure: positionHeatmap)
            } else if kind == .head {
                NamedFigure(name: "heatmap", figure: heatmap)
            } else {
                NamedFigure(
                    name: "layers",
                    figure: layerBars,
                    // As seed 001 calls it.
                    copiedAs: kind == .layer ? "results/induction_patching_effects" : nil
                )
            }
        let values = [overview, NamedFigure(name: "patched", figure: patchedBars)]
        guard let best = ranked.first else { return values }
        return values + [
            NamedFigure(name: "ranked", figure: rankedBars),
            NamedFigure(name: "gain", figure: gain(of: best)),
        ]
    }

    private func recovery(_ layer: Int, head: Int? = nil, position: Int? = nil) -> Recovery? {
        parts.first {
            $0.component.layer == layer && $0.component.head == head && $0.component.position == position
        }?.recovery
    }

    /// Recovery of every head, layer by head.
    public var heatmap: HeadHeatmap {
        HeadHeatmap(
            title: FigureTitle("What patching each head restores", subtitle: subtitle),
            valueName: valueName,
            values: (0..<shape.layers).map { layer in
                (0..<shape.heads).map { recovery(layer, head: $0)?.mean }
            },
            scale: .signed(),
            undefinedName: emptyName
        )
    }

    /// Recovery of every layer's residual stream at every position.
    public var positionHeatmap: LayerPositionHeatmap {
        let places = Set(parts.compactMap(\.component.position)).sorted()
        return LayerPositionHeatmap(
            title: FigureTitle(
                "What patching the residual stream before each block restores",
                subtitle: subtitle
                    + [promptCount > 1 ? "tokens of the first prompt, recovery of all prompts" : ""].filter {
                        !$0.isEmpty
                    }
            ),
            valueName: valueName,
            tokens: places.map { tokens[$0] },
            values: (0..<shape.layers).map { layer in
                places.map { recovery(layer, position: $0)?.mean }
            },
            undefinedName: emptyName
        )
    }

    /// Recovery by layer, with the threshold.
    public var layerBars: LayerBars {
        let recoveries = (0..<shape.layers).map { recovery($0) }
        return LayerBars(
            title: FigureTitle("What patching each of the \(kind.plural) restores", subtitle: subtitle),
            valueName: valueName,
            layers: LayerCurve(
                name: kind.plural,
                means: recoveries.map { $0?.mean },
                low: recoveries.map { $0?.low },
                high: recoveries.map { $0?.high }
            ),
            threshold: .init(name: "important", value: patch.threshold),
            undefinedName: emptyName,
            intervals: Self.intervals
        )
    }

    private static let intervals = "Whiskers: 95% BCa intervals over prompts"

    /// The highest recoveries, with intervals.
    public var rankedBars: RankedBars {
        RankedBars(
            title: FigureTitle(
                "Recovery of the \(kind.plural)",
                subtitle: subtitle + ["95% BCa intervals over prompts"]
            ),
            valueName: valueName,
            entries: parts.map {
                RankedBars.Entry(
                    label: name($0),
                    value: $0.recovery.mean,
                    low: $0.recovery.low,
                    high: $0.recovery.high
                )
            },
            scale: .signed(),
            kind: patch.isByPosition ? "places" : kind.plural
        )
    }

    /// The metric of the clean run, the corrupted run, and with each of the highest parts patched, as in seed 002.
    public var patchedBars: PatchedBars {
        func entry(_ label: String, _ estimate: Estimate) -> RankedBars.Entry {
            RankedBars.Entry(label: label, value: estimate.mean, low: estimate.low, high: estimate.high)
        }
        return PatchedBars(
            title: FigureTitle("Clean, corrupted and patched", subtitle: subtitle),
            metricName: patch.comparison.metric.axis,
            clean: entry("clean", clean),
            corrupted: entry("corrupted", corrupted),
            patched: ranked.prefix(patch.top).map { entry(name($0), $0.patched) },
            intervals: Self.intervals
        )
    }

    /// What each prompt gains by a part, as in seed 004.
    public func gain(of part: Part) -> Histogram {
        let gains = gains(part)
        let isUp = patch.comparison.metric.isBetterHigh == (patch.comparison.direction == .denoising)
        let base = patch.comparison.direction == .denoising ? "corrupted" : "clean"
        return Histogram(
            title: FigureTitle(
                "What each prompt \(patch.comparison.direction == .denoising ? "gains" : "loses") by patching \(name(part))",
                subtitle: subtitle
            ),
            valueName: "\(patch.comparison.metric.rawValue), "
                + (isUp ? "patched − \(base)" : "\(base) − patched"),
            values: gains,
            mean: gains.mean,
            median: gains.median
        )
    }
}
