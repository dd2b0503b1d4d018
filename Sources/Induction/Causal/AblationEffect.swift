// The effect of the top heads on copying, against that of random heads.
//
// Quantities: delta = ablated minus base, of copy accuracy (negative: the heads helped) and of loss in nats (positive:
// the heads helped), with BCa intervals over prompts; and against n random sets of heads p = (1 + k) / (1 + n), k the
// sets whose effect is at least as harmful: at least 1/(n+1), 0.032 for 30 sets. `excess` is the delta minus the mean
// delta of the random sets, with an interval over prompts for these sets. Zero ablation takes a head's whole write away,
// its mean included; it does not show what the head does by itself, nor what others would do in its place.

/// A change of one quantity of copying.
public struct AblationDelta: Sendable, Equatable, Codable {
    /// Ablated minus base, with an interval over prompts.
    public var delta: Estimate
    /// The same for each random set.
    public var random: [Double]
    /// Delta minus the mean over random sets, with an interval over prompts; nil without random sets.
    public var excess: Estimate?
    /// Share of random sets, the tested one among them, that are at least as harmful; nil without random sets.
    public var p: Double?
}

/// What zeroing heads does to copying.
public struct AblationEffect: Sendable, Equatable, Codable {
    /// Copy accuracy: harm is a fall.
    public var accuracy: AblationDelta
    /// Loss: harm is a rise.
    public var loss: AblationDelta
    /// Seed 000's off-by-one accuracy: harm is a fall.
    public var seedAccuracy: AblationDelta

    /// The effect of tested heads; nil where no prompt has a pair to read.
    ///
    /// - Parameters:
    ///   - base: the whole model.
    ///   - ablated: without the tested heads, on the same prompts.
    ///   - random: without each random set.
    ///   - bootstrap: resamples of the prompts.
    public init?(
        base: CopyBehaviour,
        ablated: CopyBehaviour,
        random: [CopyBehaviour],
        _ bootstrap: PromptBootstrap
    ) {
        guard base.loss.means != nil else { return nil }
        func delta(_ part: (CopyBehaviour) -> PromptSums, harm: Double) -> AblationDelta {
            let whole = part(base)
            let tested = part(ablated).minus(whole)
            let others = random.map { part($0).minus(whole) }
            let means = others.compactMap { $0.means?.first }
            func estimate(_ sums: PromptSums) -> Estimate {
                bootstrap.estimates(sums: sums.sums, counts: sums.counts)[0]
            }
            let effect = estimate(tested)
            var result = AblationDelta(delta: effect, random: means)
            guard !others.isEmpty, let mean = effect.mean else { return result }
            let sums = tested.sums.indices.map { prompt in
                [tested.sums[prompt][0] - others.reduce(0) { $0 + $1.sums[prompt][0] } / Double(others.count)]
            }
            result.excess = estimate(PromptSums(sums: sums, counts: tested.counts))
            result.p = Double(1 + means.count { harm * $0 >= harm * mean }) / Double(1 + means.count)
            return result
        }
        accuracy = delta(\.accuracy, harm: -1)
        loss = delta(\.loss, harm: 1)
        seedAccuracy = delta(\.seedAccuracy, harm: -1)
    }
}

extension PromptSums {
    /// Differences of sums over the same values.
    fileprivate func minus(_ other: PromptSums) -> PromptSums {
        precondition(counts == other.counts, "sums over other prompts")
        return PromptSums(
            sums: zip(sums, other.sums).map { zip($0, $1).map { $0 - $1 } },
            counts: counts
        )
    }
}
