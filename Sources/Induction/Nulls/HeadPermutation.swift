// Head-permutation null: do high scores crowd in some layers?
//
// Quantity: the number of a layer's heads above the q-quantile of all heads' scores (strictly; NumPy's linear
// quantile). Were scores permuted over all heads without replacement, it would be hypergeometric: mean, 95% band and
// upper-tail probability are computed, not simulated. The band is of each layer by itself. It takes scores as they
// are: it does not say that a head's score is more than chance (the shuffled-antecedent null does).

/// Where the high-scoring heads of a model sit, against their random permutation.
public struct HeadPermutation: Sendable, Equatable, Codable {
    /// One layer.
    public struct Layer: Sendable, Equatable, Codable {
        /// Heads above the threshold.
        public var above: Int
        /// Expected number under permutation.
        public var expected: Double
        /// 2.5% quantile under permutation.
        public var low: Int
        /// 97.5% quantile under permutation.
        public var high: Int
        /// Probability of this many or more under permutation.
        public var p: Double
        /// Benjamini-Hochberg q over the layers.
        public var q: Double
    }

    /// The share of all heads that is not counted as high.
    public var quantile: Double
    /// The score that high heads exceed.
    public var threshold: Double
    /// Layers, first to last.
    public var layers: [Layer]

    /// The null for scores [layer][head].
    public init(_ scores: [[Double]], quantile share: Double = 0.9) {
        let all = scores.flatMap { $0 }.sorted()
        precondition(!all.isEmpty, "no heads")
        let threshold = Induction.quantile(share, ofSorted: all)
        let high = all.count { $0 > threshold }
        let counts = scores.map { $0.count { $0 > threshold } }
        let nulls = scores.map { Hypergeometric(population: all.count, marked: high, drawn: $0.count) }
        let p = zip(nulls, counts).map { $0.upperTail($1) }
        let q = benjaminiHochberg(p)
        quantile = share
        self.threshold = threshold
        layers = counts.indices.map { layer in
            Layer(
                above: counts[layer],
                expected: nulls[layer].mean,
                low: nulls[layer].quantile(0.025),
                high: nulls[layer].quantile(0.975),
                p: p[layer],
                q: q[layer]
            )
        }
    }
}
