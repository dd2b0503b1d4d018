// Shuffled-antecedent null of the induction score (`ShuffledCells.swift` says what a null draw reads and why).
//
// Quantity: p = (1 + k) / (1 + B), k the null draws whose score is at least the observed one: how often a head that
// cares for query, distance and how often a token occurred, but not for what stood before it, would score as high.
// Range 1/(1+B)..1. B is at least 10 heads / alpha, so that a significant head is still one after correction for all
// heads. q: Benjamini-Hochberg over all heads. It tests `induction` only (`duplicate` is not null in a random model),
// and looking there says nothing about what is written or caused.
public import Transformers

/// One head against the shuffled-antecedent null.
public struct ShuffledTest: Sendable, Equatable, Codable {
    /// Which head.
    public var head: Head
    /// Its score at the pairs that are compared.
    public var observed: Double
    /// Mean under the null, the observed arrangement left out.
    public var nullMean: Double
    /// Standard deviation under the null.
    public var nullDeviation: Double
    /// Share of null draws at least as high, the observed one among them.
    public var p: Double
    /// Benjamini-Hochberg q over all heads.
    public var q: Double
}

/// The shuffled-antecedent null of a model.
public struct ShuffledNull: Sendable, Equatable, Codable {
    /// Every head, block by block.
    public var heads: [ShuffledTest]
    /// Null draws that p-values were counted in.
    public var draws: Int
    /// Pairs that were compared.
    public var pairs: Int
    /// What the draws' layer profiles are: for each reduction the mean and the 95% band by layer.
    public var bands: [NullBand]

    /// Draws that bands are made of, where there are as many.
    static let bandDraws = 2000

    /// Draws enough for `heads` tests at a level: 10 heads / alpha.
    public static func draws(heads: Int, alpha: Double = 0.05) -> Int {
        Int((10 * Double(heads) / alpha).rounded(.up))
    }
}

/// The layer profile of null draws.
public struct NullBand: Sendable, Equatable, Codable {
    /// How heads become a layer's value.
    public var reduction: LayerReduction
    /// Mean over the draws, by layer.
    public var mean: [Double]
    /// 2.5% quantile of the draws, by layer.
    public var low: [Double]
    /// 97.5% quantile of the draws, by layer.
    public var high: [Double]
}

extension CollectedPatterns {
    /// The shuffled-antecedent null; nil where the plan had no null or no pair has enough lags to be compared with, as
    /// when all prompts have one lag.
    ///
    /// - Parameters:
    ///   - alpha: level that significance is judged at; sets the number of draws.
    ///   - reductions: of the bands.
    ///   - draws: number of null draws; nil for 10 heads / alpha.
    ///   - seed: of the draws.
    public func shuffledNull(
        alpha: Double = 0.05,
        reductions: [LayerReduction] = [.mean, .top(quantile: 0.9)],
        draws: Int? = nil,
        seed: UInt64
    ) -> ShuffledNull? {
        guard let shuffled, let observed = shuffled.observed.means else { return nil }
        let draws = draws ?? ShuffledNull.draws(heads: heads.count, alpha: alpha)
        var atLeast = [Int](repeating: 0, count: heads.count)
        shuffled.forEachArrangement(draws, seed: seed) { scores in
            for head in scores.indices where scores[head] >= observed[head] { atLeast[head] += 1 }
        }
        let p = atLeast.map { Double(1 + $0) / Double(1 + draws) }
        let q = benjaminiHochberg(p)
        let (means, deviations) = shuffled.nullMoments()
        return ShuffledNull(
            heads: heads.indices.map { head in
                ShuffledTest(
                    head: heads[head],
                    observed: observed[head],
                    nullMean: means[head],
                    nullDeviation: deviations[head],
                    p: p[head],
                    q: q[head]
                )
            },
            draws: draws,
            pairs: shuffled.pairs,
            bands: nullBands(of: shuffled, reductions, draws: min(draws, ShuffledNull.bandDraws), seed: seed)
        )
    }

    private func nullBands(
        of shuffled: ShuffledSums,
        _ reductions: [LayerReduction],
        draws: Int,
        seed: UInt64
    ) -> [NullBand] {
        let layers = self.layers
        var values = reductions.map { _ in layers.map { _ in [Double]() } }
        if reductions.isEmpty { return [] }
        shuffled.forEachNullDraw(draws, seed: seed) { scores in
            for (layer, heads) in layers.enumerated() {
                let own = heads.map { scores[$0] }
                for (index, reduction) in reductions.enumerated() {
                    values[index][layer].append(reduction(own))
                }
            }
        }
        return zip(reductions, values).map { reduction, values in
            let sorted = values.map { $0.sorted() }
            return NullBand(
                reduction: reduction,
                mean: values.map { $0.reduce(0, +) / Double(draws) },
                low: sorted.map { quantile(0.025, ofSorted: $0) },
                high: sorted.map { quantile(0.975, ofSorted: $0) }
            )
        }
    }
}
