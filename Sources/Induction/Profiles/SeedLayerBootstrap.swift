// Seed 000's bootstrap: resamples layers, not prompts.
//
// Quantity: L layers are drawn with replacement; a layer drawn n times contributes n times its value, one not drawn
// nothing; peak_rel, the seed's peak / L and bandwidth of that profile, their means and percentile spread. Layers are
// no sample from anything: the spread says how much of the profile hangs on single layers, not how sure it is. It is
// kept so that the seed's numbers can be made again.

/// The seed's layer bootstrap of a profile.
public struct SeedLayerBootstrap: Sendable, Equatable, Codable {
    /// One quantity over the resamples.
    public struct Spread: Sendable, Equatable, Codable {
        /// Mean over the resamples.
        public var mean: Double
        /// 2.5% quantile.
        public var low: Double
        /// 97.5% quantile.
        public var high: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            mean = values.reduce(0, +) / Double(values.count)
            low = quantile(0.025, ofSorted: sorted)
            high = quantile(0.975, ofSorted: sorted)
        }
    }

    /// Of peak / (layers - 1).
    public var relativePeak: Spread
    /// Of the seed's peak / layers.
    public var seedRelativePeak: Spread
    /// Of the bandwidth.
    public var bandwidth: Spread
    /// Number of resamples.
    public var resamples: Int

    /// Resamples the layers of a profile.
    public init(_ profile: DepthProfile, resamples: Int = 1000, seed: UInt64) {
        precondition(resamples > 0, "\(resamples) resamples")
        var generator = SeededGenerator(seed: seed)
        let drawn = (0..<resamples).map { _ in
            var values = [Double](repeating: 0, count: profile.values.count)
            for _ in values.indices {
                let layer = generator.integer(in: values.indices)
                values[layer] += profile.values[layer]
            }
            return DepthProfile(values)
        }
        relativePeak = Spread(drawn.map(\.relativePeak))
        seedRelativePeak = Spread(drawn.map(\.seedRelativePeak))
        bandwidth = Spread(drawn.map(\.bandwidth))
        self.resamples = resamples
    }
}
