// Bootstrap over prompts: prompts are the sampling unit, tokens inside a prompt are not independent.
//
// Quantity: a ratio of sums over prompts (a mean over all positions of all prompts). Interval: BCa
// (bias-corrected and accelerated, Efron 1987), 95% by default, from B = 1000 resamples of whole prompts; the
// acceleration comes from leaving out one prompt at a time. What it does not show: uncertainty about prompts of
// another kind, or, below about 100 prompts, exact coverage.
import Torch

/// Resamples of a number of prompts, drawn once and used for every head and score alike.
public struct PromptBootstrap {
    /// Number of prompts.
    public let promptCount: Int
    private let weights: Tensor  // [resample, prompt], float64: how often each prompt was drawn
    let level: Double

    /// Below this many prompts an interval is approximate, and outputs say so.
    public static let reliablePromptCount = 100

    /// Draws the resamples.
    public init(promptCount: Int, resamples: Int = 1000, level: Double = 0.95, seed: UInt64) {
        precondition(promptCount > 0 && resamples > 0, "\(resamples) resamples of \(promptCount) prompts")
        self.promptCount = promptCount
        self.level = level
        var generator = SeededGenerator(seed: seed)
        var counts = [Double](repeating: 0, count: resamples * promptCount)
        for resample in 0..<resamples {
            for _ in 0..<promptCount {
                counts[resample * promptCount + generator.integer(in: 0..<promptCount)] += 1
            }
        }
        weights = Tensor(counts, [resamples, promptCount])
    }

    /// Means with intervals of many series at once.
    ///
    /// - Parameters:
    ///   - sums: for each prompt, the sum of each series' values: [prompt][series].
    ///   - counts: for each prompt, the number of values that were summed, the same for all series.
    /// - Returns: one estimate a series.
    public func estimates(sums: [[Double]], counts: [Int]) -> [Estimate] {
        precondition(sums.count == promptCount && counts.count == promptCount, "one row a prompt")
        let total = counts.reduce(0, +)
        guard total > 0 else {
            return (sums.first ?? []).map { _ in Estimate(mean: nil, low: nil, high: nil, pairs: 0) }
        }
        // Prompts without a value say nothing: one other is no sample to judge the spread by.
        let hasSpread = counts.count { $0 > 0 } >= 2
        return ratios(of: sums, to: counts.map(Double.init)).map { ratio, interval in
            let interval = hasSpread ? interval : nil
            return Estimate(mean: ratio, low: interval?.lowerBound, high: interval?.upperBound, pairs: total)
        }
    }

    /// Ratios of two sums over prompts, with intervals.
    ///
    /// - Parameters:
    ///   - numerators: what each prompt adds to the numerator of each series: [prompt][series].
    ///   - denominators: what each prompt adds to the denominator of all series.
    func ratios(
        of numerators: [[Double]],
        to denominators: [Double]
    ) -> [(ratio: Double, interval: ClosedRange<Double>?)] {
        // [series, resample]
        let replicates = replicates(of: numerators, to: denominators).mT.contiguous().doubles
        let resamples = weights.size(0)
        let total = denominators.reduce(0, +)
        return (0..<(numerators.first?.count ?? 0)).map { column in
            let sum = numerators.reduce(0) { $0 + $1[column] }
            let leftOut = (0..<promptCount).map { prompt in
                (sum - numerators[prompt][column]) / (total - denominators[prompt])
            }
            let own = Array(replicates[column * resamples..<(column + 1) * resamples])
            let interval = bcaInterval(
                estimate: sum / total,
                replicates: own,
                leaveOneOut: leftOut,
                level: level
            )
            return (sum / total, interval)
        }
    }

    /// The mean of every series in every resample, [resample, series] in float64; not a number where a resample had
    /// nothing to average.
    func replicates(sums: [[Double]], counts: [Int]) -> Tensor {
        replicates(of: sums, to: counts.map(Double.init))
    }

    private func replicates(of numerators: [[Double]], to denominators: [Double]) -> Tensor {
        precondition(numerators.count == promptCount && denominators.count == promptCount, "one row a prompt")
        let flat = Tensor(numerators.flatMap { $0 }, [promptCount, numerators.first?.count ?? 0])
        let sizes = Tensor(denominators, [promptCount, 1])
        // [resample, prompt] [prompt, series] / [resample, prompt] [prompt, 1]
        return weights.matmul(flat) / weights.matmul(sizes)
    }
}

/// The BCa interval (Efron 1987; Davison and Hinkley 1997, section 5.3); nil below two left-out values.
///
/// - Parameters:
///   - replicates: the statistic on each resample; not finite where a resample had nothing to average.
///   - leaveOneOut: the statistic with one sampling unit left out each.
func bcaInterval(
    estimate: Double,
    replicates: [Double],
    leaveOneOut: [Double],
    level: Double
) -> ClosedRange<Double>? {
    let sorted = replicates.filter(\.isFinite).sorted()
    let jackknife = leaveOneOut.filter(\.isFinite)
    guard jackknife.count >= 2, let first = sorted.first, let last = sorted.last else { return nil }
    // Equal but for rounding: a spread without meaning.
    if last - first <= 1e-12 * max(first.magnitude, last.magnitude) { return estimate...estimate }
    // Ties count half, so that a symmetric discrete distribution has no bias.
    let below = Double(sorted.count { $0 < estimate }) + 0.5 * Double(sorted.count { $0 == estimate })
    let share = min(
        max(below / Double(sorted.count), 0.5 / Double(sorted.count)),
        1 - 0.5 / Double(sorted.count)
    )
    let bias = NormalDistribution.quantile(share)
    let center = jackknife.reduce(0, +) / Double(jackknife.count)
    let deviations = jackknife.map { center - $0 }
    let squares = deviations.reduce(0) { $0 + $1 * $1 }
    let cubes = deviations.reduce(0) { $0 + $1 * $1 * $1 }
    let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
    func end(_ probability: Double) -> Double {
        let z = bias + NormalDistribution.quantile(probability)
        let stretch = 1 - acceleration * z
        // Past its pole the formula would turn back: it stands at the end of the replicates there.
        let adjusted = stretch > 0 ? NormalDistribution.cumulative(bias + z / stretch) : z > 0 ? 1 : 0
        return quantile(adjusted, ofSorted: sorted)
    }
    let (low, high) = (end((1 - level) / 2), end((1 + level) / 2))
    return min(low, high)...max(low, high)
}

/// Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
func quantile(_ probability: Double, ofSorted values: [Double]) -> Double {
    let position = min(max(probability, 0), 1) * Double(values.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, values.count - 1)
    return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
}
