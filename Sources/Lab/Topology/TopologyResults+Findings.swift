// A topology experiment in words.
import Foundation
import Induction
import Transformers

extension TopologyResults {
    /// The findings with the lines that the command prints.
    public var story: RunStory { RunStory(findings, text: text) }

    /// What was found, one sentence a model, then what it means and what it does not show.
    public var findings: [String] {
        switch self {
        case .profiles(let results, let overlay):
            let peaks = results.map { result in
                "\(result.subject.model): the \(result.subject.score.rawValue) profile peaks at layer "
                    + "\(result.top.profile.peakLayer) of \(result.subject.layers), at "
                    + String(format: "%.0f%% of the depth.", 100 * result.top.profile.relativePeak)
            }
            let comparison = overlay.map { overlay in
                "Compared at \(overlay.headsCompared) heads a layer, since a maximum over more heads is higher by chance."
            }
            return peaks + [comparison].compactMap(\.self) + [
                "A layer's value is the mean of its highest heads. The band is the spread over resampled prompts, not over models."
            ]
        case .nulls(let results):
            return results.map { result in
                "\(result.subject.model): \(result.significant.count) of \(result.shuffled.heads.count) heads look at what "
                    + "followed an earlier copy more than at matched keys elsewhere (q < 0.05)."
            } + [
                "The null reads the same patterns at other lags: what it leaves is more than position and frequency. It does not say "
                    + "that a head does anything with what it sees."
            ]
        case .causal(let results):
            return results.flatMap { result in
                result.tests.map { test in
                    let delta = test.effect.accuracy
                    return
                        "\(result.subject.model): without its \(test.heads.count) highest heads copy accuracy changes by "
                        + "\(delta.delta.signed), from \(result.base.accuracy.fixed); p = \(delta.p.fixed) beside random heads "
                        + "of the same layers."
                }
            } + ["Copying is right where the most probable token is the one that followed the earlier copy."]
        case .lags(let results):
            return results.map { result in
                let found = result.buckets.filter { $0.top != nil }
                let peaks = found.map { "\($0.lags): layer \($0.top?.profile.peakLayer ?? 0)" }
                return
                    "\(result.subject.model): peaks by lag: \(peaks.isEmpty ? "none" : peaks.joined(separator: ", "))."
            } + [
                "A lag is the distance between a token and its earlier copy; a bucket without pairs has no profile."
            ]
        }
    }
}
