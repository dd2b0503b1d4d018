// Transitions of the same training from several seeds.
//
// Quantities: means over the runs in which a transition was found, in training steps, of its midpoint, onset, and the start
// and end of the ramp; intervals: BCa bootstrap over runs, 95% (PromptBootstrap, runs in the place of prompts). Runs
// without a transition have no step and are only counted: where some have none the means are of those that were early
// enough. With a handful of seeds the intervals are approximate, and too narrow rather than too wide.
public import Induction

/// When transitions happened.
public struct TransitionSummary: Codable, Equatable, Sendable {
    /// Number of runs.
    public var runs: Int
    /// Number of runs with a transition.
    public var found: Int
    /// First evaluations above 0.1.
    public var onset: Estimate
    /// Starts of the ramps.
    public var low: Estimate
    /// Ends of the ramps.
    public var high: Estimate
    /// Centres of the ramps.
    public var midpoint: Estimate

    /// Summarises runs.
    ///
    /// - Parameters:
    ///   - transitions: one a run.
    ///   - seed: of the resamples.
    public init(_ transitions: [Transition], seed: UInt64 = 0) {
        let steps = transitions.compactMap { transition -> [Double]? in
            guard let onset = transition.onset, let low = transition.low, let high = transition.high,
                let midpoint = transition.midpoint
            else { return nil }
            return [Double(onset), Double(low), Double(high), midpoint]
        }
        runs = transitions.count
        found = steps.count
        let nothing = Estimate(mean: nil, low: nil, high: nil, pairs: 0)
        let estimates =
            steps.isEmpty
            ? Array(repeating: nothing, count: 4)
            : PromptBootstrap(promptCount: steps.count, seed: seed)
                .estimates(sums: steps, counts: steps.map { _ in 1 })
        (onset, low, high, midpoint) = (estimates[0], estimates[1], estimates[2], estimates[3])
    }
}
