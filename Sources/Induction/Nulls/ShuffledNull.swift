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
    /// Mean of the null draws.
    public var nullMean: Double
    /// Standard deviation of the null draws.
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
    /// Null draws.
    public var draws: Int
    /// Pairs that were compared.
    public var pairs: Int
    /// What the draws' layer profiles are: for each reduction the mean and the 95% band by layer.
    public var bands: [NullBand]

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
        let layers = self.layers
        var tails = NullTails(heads: heads.count)
        var profiles = reductions.map { _ in layers.map { _ in [Double]() } }
        shuffled.forEachDraw(draws, heads: heads.count, seed: seed) { scores in
            tails.add(scores, observed)
            for (index, reduction) in reductions.enumerated() {
                for (layer, members) in layers.enumerated() {
                    profiles[index][layer].append(reduction(members.map { scores[$0] }))
                }
            }
        }
        let p = tails.atLeast.map { Double(1 + $0) / Double(1 + draws) }
        let q = benjaminiHochberg(p)
        let (means, deviations) = tails.moments(draws)
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
            bands: zip(reductions, profiles).map { reduction, values in
                let sorted = values.map { $0.sorted() }
                return NullBand(
                    reduction: reduction,
                    mean: values.map { $0.reduce(0, +) / Double(draws) },
                    low: sorted.map { quantile(0.025, ofSorted: $0) },
                    high: sorted.map { quantile(0.975, ofSorted: $0) }
                )
            }
        )
    }
}

extension ShuffledSums {
    /// Hands each draw's scores to `body`: [head]. A draw takes a slot for every prompt.
    ///
    /// A plain loop over rows that lie in the cache: a product with one-hot matrices does `slotCount` times the work.
    func forEachDraw(_ draws: Int, heads: Int, seed: UInt64, _ body: (UnsafeBufferPointer<Double>) -> Void) {
        let table = contributions()
        let rowsPerPrompt = Self.slotCount * heads
        let prompts = rowsPerPrompt == 0 ? 0 : table.count / rowsPerPrompt
        var generator = SeededGenerator(seed: seed)
        var scores = [Double](repeating: 0, count: heads)
        table.withUnsafeBufferPointer { table in
            scores.withUnsafeMutableBufferPointer { scores in
                for _ in 0..<draws {
                    scores.update(repeating: 0)
                    var bits: UInt64 = 0
                    for prompt in 0..<prompts {
                        // Sixteen slots take four bits: one number serves sixteen prompts.
                        if prompt % 16 == 0 { bits = generator.next() }
                        let row = prompt * rowsPerPrompt + Int(bits & 15) * heads
                        bits >>= 4
                        for head in 0..<heads { scores[head] += table[row + head] }
                    }
                    body(UnsafeBufferPointer(scores))
                }
            }
        }
    }
}

/// Running tails and moments of null draws.
private struct NullTails {
    var atLeast: [Int]
    private var origin: [Double]?
    private var sums: [Double]
    private var squares: [Double]

    init(heads: Int) {
        atLeast = Array(repeating: 0, count: heads)
        sums = Array(repeating: 0, count: heads)
        squares = sums
    }

    mutating func add(_ scores: UnsafeBufferPointer<Double>, _ observed: [Double]) {
        // About the first draw, so that squares do not cancel.
        let origin = self.origin ?? Array(scores)
        self.origin = origin
        for head in scores.indices {
            if scores[head] >= observed[head] { atLeast[head] += 1 }
            let distance = scores[head] - origin[head]
            sums[head] += distance
            squares[head] += distance * distance
        }
    }

    func moments(_ draws: Int) -> (means: [Double], deviations: [Double]) {
        let count = Double(draws)
        let means = sums.indices.map { (origin?[$0] ?? 0) + sums[$0] / count }
        let deviations = sums.indices.map { head in
            (max(0, squares[head] - sums[head] * sums[head] / count) / max(1, count - 1)).squareRoot()
        }
        return (means, deviations)
    }
}
