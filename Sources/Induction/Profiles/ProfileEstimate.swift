// A layer profile with its uncertainty over prompts.
//
// All heads take the same resamples of whole prompts (PromptBootstrap), and each resample's profile is made as that of
// the data. Layer values of the `mean` reduction are ratios of sums: BCa intervals, 95% by default. `topq`, `tail`,
// peak and bandwidth are maxima or jump from layer to layer; a resample's maximum lies above that of the data on
// average, so the percentile spread of theirs is called `stability`: how far it moves when prompts are drawn anew, not
// an interval that covers a truth.

import Torch

/// Ends of the percentile spread over resamples.
public struct Stability: Sendable, Equatable, Codable {
    /// Lower end.
    public var low: Double
    /// Upper end.
    public var high: Double

    /// The spread of the middle share `level`; nil without a finite value.
    init?(_ values: [Double], level: Double) {
        let sorted = values.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else { return nil }
        low = quantile((1 - level) / 2, ofSorted: sorted)
        high = quantile((1 + level) / 2, ofSorted: sorted)
    }
}

/// A layer profile with its uncertainty over prompts.
public struct ProfileEstimate: Sendable, Equatable, Codable {
    /// How heads became layers.
    public var reduction: LayerReduction
    /// The profile of all prompts.
    public var profile: DepthProfile
    /// BCa intervals of the layers; nil where the reduction is not `mean`.
    public var intervals: [Estimate]?
    /// Percentile spread of the layers; nil below two prompts with values.
    public var stability: [Stability]?
    /// Of the peak's layer.
    public var peakStability: Stability?
    /// Of peak / (layers - 1).
    public var relativePeakStability: Stability?
    /// Of the bandwidth.
    public var bandwidthStability: Stability?
    /// The share of resamples whose peak is each layer; nil below two prompts with values.
    public var peakShares: [Double]?
}

extension CollectedPatterns {
    /// The layer profile of one score's sums; nil where there was nothing to average.
    ///
    /// - Parameters:
    ///   - sums: series are the heads: one of `scores`, say, or of a bucket's.
    ///   - reduction: how heads become layers.
    ///   - bootstrap: resamples, the same for all that is compared.
    public func profile(
        _ sums: PromptSums,
        by reduction: LayerReduction,
        _ bootstrap: PromptBootstrap
    ) -> ProfileEstimate? {
        guard let scores = matrix(sums) else { return nil }
        let layers = self.layers
        var result = ProfileEstimate(reduction: reduction, profile: DepthProfile(scores, by: reduction))
        if reduction == .mean {
            let perLayer = sums.sums.map { row in
                layers.map { heads in heads.reduce(0) { $0 + row[$1] } / Double(heads.count) }
            }
            result.intervals = bootstrap.estimates(sums: perLayer, counts: sums.counts)
        }
        guard sums.counts.count(where: { $0 > 0 }) >= 2 else { return result }
        let flat = bootstrap.replicates(sums: sums.sums, counts: sums.counts).doubles
        // Resamples in which nothing was to average say nothing.
        let replicates = stride(from: 0, to: flat.count, by: heads.count)
            .filter { flat[$0].isFinite }
            .map { start in DepthProfile(layers.map { $0.map { flat[start + $0] } }, by: reduction) }
        guard !replicates.isEmpty else { return result }
        func stability(_ value: (DepthProfile) -> Double) -> Stability? {
            Stability(replicates.map(value), level: bootstrap.level)
        }
        result.stability = layers.indices.compactMap { layer in stability { $0.values[layer] } }
        result.peakStability = stability { Double($0.peakLayer) }
        result.relativePeakStability = stability(\.relativePeak)
        result.bandwidthStability = stability(\.bandwidth)
        var peaks = [Double](repeating: 0, count: layers.count)
        for replicate in replicates { peaks[replicate.peakLayer] += 1 / Double(replicates.count) }
        result.peakShares = peaks
        return result
    }
}

extension ProfileEstimate {
    fileprivate init(reduction: LayerReduction, profile: DepthProfile) {
        self.reduction = reduction
        self.profile = profile
    }
}
