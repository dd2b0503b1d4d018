// The figures of a topology experiment, under the names that seed 000 gives them.
import Figures
import Foundation
import Induction
import Transformers

extension TopologyResults {
    /// All figures.
    public var figures: [NamedFigure] {
        switch self {
        case .profiles(let results, let overlay):
            guard let overlay else { return results.flatMap(\.figures) }
            let name = overlay.command == .crosssize ? "cross_size_overlay" : "cross_size_overlay_all"
            return results.flatMap(\.figures) + [NamedFigure(name: name, figure: overlay.figure(of: results))]
        case .nulls(let results):
            return results.map { NamedFigure(name: "nulls_\(fileName($0.subject.model))", figure: $0.figure) }
        case .causal(let results):
            return results.enumerated().flatMap { index, result in
                result.figures.map { name, figure in
                    NamedFigure(
                        name: index == 0 ? name : "\(name)_\(fileName(result.subject.model))",
                        figure: figure
                    )
                }
            }
        case .lags(let results):
            return results.map {
                NamedFigure(name: "lag_overlay_\(fileName($0.subject.model))", figure: $0.figure)
            }
        }
    }
}

private let stability = "band: 95% percentile spread over resampled prompts (stability)"

extension ModelSubject {
    fileprivate var subtitle: [String] {
        ["\(model), \(promptCount) \(prompts), \(pairRule.rawValue) copies"]
    }
}

extension ProfileEstimate {
    /// The profile as a curve with its spread.
    fileprivate func curve(_ name: String) -> LayerCurve {
        LayerCurve(
            name: name,
            means: profile.values,
            low: stability?.map(\.low) ?? [],
            high: stability?.map(\.high) ?? []
        )
    }

    /// What a layer's value is.
    fileprivate func valueName(_ score: HeadScore) -> String {
        guard case .top(let quantile) = reduction else { return "mean " + score.axis }
        return "mean of the top \(Int((100 * (1 - quantile)).rounded()))% heads: \(score.axis)"
    }
}

extension ProfileResult {
    fileprivate var figures: [NamedFigure] {
        let name = fileName(subject.model)
        return [
            NamedFigure(
                name: "heatmap_\(name)",
                figure: HeadHeatmap(
                    title: FigureTitle(subject.score.title, subtitle: subject.subtitle),
                    valueName: subject.score.axis,
                    values: matrix.map { $0.map { $0 } }
                )
            ),
            NamedFigure(
                name: "profile_\(name)",
                figure: LayerProfile(
                    title: FigureTitle(
                        "\(subject.score.title.replacing(" of every head", with: "")) by layer",
                        subtitle: subject.subtitle
                    ),
                    valueName: top.valueName(subject.score),
                    curve: top.curve(subject.model),
                    intervals: Lab.stability
                )
            ),
        ]
    }

    fileprivate static func curve(_ result: ProfileResult) -> LayerCurve {
        result.top.curve(result.subject.model)
    }
}

extension OverlayResult {
    /// The curves show each model's own `topq`.
    fileprivate func figure(of results: [ProfileResult]) -> ProfileOverlay {
        let subject = results[0].subject
        return ProfileOverlay(
            title: FigureTitle(
                "\(score.rawValue.capitalized) score over relative depth",
                subtitle: ["\(subject.promptCount) \(subject.prompts), \(subject.pairRule.rawValue) copies"]
            ),
            valueName: results[0].top.valueName(score),
            curves: results.map(ProfileResult.curve),
            intervals: Lab.stability
        )
    }
}

extension NullsResult {
    fileprivate var figure: NullsFigure {
        let band = shuffled.bands.first { $0.reduction == top.reduction }
        return NullsFigure(
            title: FigureTitle("Induction score by layer against its nulls", subtitle: subject.subtitle),
            valueName: top.valueName(.induction),
            observed: top.curve(subject.model),
            shuffled: LayerCurve(
                name: "shuffled antecedent",
                means: band?.mean ?? [],
                low: band?.low ?? [],
                high: band?.high ?? []
            ),
            countName: "heads above the \(String(format: "%g", permutation.quantile)) quantile",
            counts: permutation.layers.map(\.above),
            permuted: LayerCurve(
                name: "heads permuted",
                means: permutation.layers.map(\.expected),
                low: permutation.layers.map { Double($0.low) },
                high: permutation.layers.map { Double($0.high) }
            ),
            intervals:
                "bands: 95% over prompts (observed), \(shuffled.draws) draws (shuffled), exact (permuted)"
        )
    }
}

extension LagResult {
    fileprivate var figure: LagProfiles {
        LagProfiles(
            title: FigureTitle(
                "\(subject.score.rawValue.capitalized) score by layer and lag",
                subtitle: subject.subtitle
            ),
            valueName: (buckets.compactMap(\.top).first)?.valueName(subject.score) ?? subject.score.axis,
            buckets: buckets.map { bucket in
                LagProfiles.Bucket(
                    curve: bucket.top?.curve("lag \(bucket.lags)")
                        ?? LayerCurve(
                            name: "lag \(bucket.lags)",
                            means: [Double?](repeating: nil, count: subject.layers)
                        ),
                    pairCount: bucket.pairs
                )
            },
            intervals: Lab.stability
        )
    }
}

extension CausalResult {
    /// One figure a test that has random sets to compare with.
    fileprivate var figures: [(String, any Figure)] {
        tests.enumerated().filter { !$0.element.random.sets.isEmpty }.map { index, test in
            let name = index == 0 ? "causal_delta" : "causal_delta_top\(test.heads.count)"
            let outcomes = [
                outcome("copy accuracy", base.accuracy, test.ablated.accuracy, test.effect.accuracy),
                outcome("loss at copies, nats", base.loss, test.ablated.loss, test.effect.loss),
            ].compactMap(\.self)
            return (
                name,
                CausalDelta(
                    title: FigureTitle(
                        "Cutting the \(test.heads.count) highest heads by \(subject.score.rawValue)",
                        subtitle: subject.subtitle
                    ),
                    headsName: test.heads.map(\.description).joined(separator: ", "),
                    drawsName:
                        "\(test.random.sets.count) random set\(test.random.sets.count == 1 ? "" : "s") of the same layers",
                    outcomes: outcomes,
                    intervals: "interval: 95% over prompts"
                )
            )
        }
    }

    private func outcome(
        _ name: String,
        _ base: Double?,
        _ ablated: Double?,
        _ delta: AblationDelta
    ) -> CausalDelta.Outcome? {
        guard let base, let ablated, !delta.random.isEmpty else { return nil }
        let sorted = delta.random.sorted()
        func at(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let lower = Int(position)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        let interval = delta.delta.low.flatMap { low in delta.delta.high.map { low...$0 } }
        return CausalDelta.Outcome(
            name: name,
            base: base,
            ablated: ablated,
            interval: interval,
            draws: delta.random.map { base + $0 },
            drawsMedian: at(0.5),
            drawsRange: at(0.025)...at(0.975),
            p: delta.p
        )
    }
}
