// How the heads of a layer become the layer's value.
//
// `mean`: all heads. `top`, the seed's and the field's `topq`: the mean of the heads from index floor(q H) of the
// ascending scores up. `tail`: the mean of exactly the upper share 1 - q, the head on the boundary counted in part.
//
// Between models with different numbers of heads they behave differently. Were every head of a model doubled, `mean`
// and `tail` would not move at all. `top` would not where the fraction of q H is below 1/2, nor where it keeps a
// single head; else it keeps one copy of its lowest head less and rises (q = 0.9: 11 to 15, 21 to 25 heads, and so
// on, among them 12). See also `equalNumberTop` for models whose further heads are further draws, not copies.

/// How the heads of a layer become the layer's value.
public enum LayerReduction: Hashable, Sendable, Codable {
    /// Mean of all heads.
    case mean
    /// Mean of the heads from index floor(quantile heads) of the ascending scores up (`topq`).
    case top(quantile: Double)
    /// Mean of the upper share 1 - quantile, the head on the boundary in part.
    case tail(quantile: Double)

    /// Its name in files and on the command line.
    public var name: String {
        switch self {
        case .mean: "mean"
        case .top: "topq"
        case .tail: "tail"
        }
    }

    /// The layer's value.
    public func callAsFunction(_ scores: [Double]) -> Double {
        precondition(!scores.isEmpty, "a layer without heads")
        switch self {
        case .mean:
            return scores.reduce(0, +) / Double(scores.count)
        case .top(let quantile):
            let kept = scores.sorted()[Self.firstKept(quantile, of: scores.count)...]
            return kept.reduce(0, +) / Double(kept.count)
        case .tail(let quantile):
            let boundary = Self.position(quantile, of: scores.count)
            let first = min(Int(boundary), scores.count - 1)
            let sorted = scores.sorted()
            let part = Double(first + 1) - boundary  // of the head on the boundary
            return (sorted[(first + 1)...].reduce(0, +) + part * sorted[first])
                / (Double(scores.count) - boundary)
        }
    }

    /// The first index of the ascending scores that `top` keeps; at least the last one.
    static func firstKept(_ quantile: Double, of count: Int) -> Int {
        min(Int(position(quantile, of: count)), count - 1)
    }

    /// q H, rounded where it is a whole number but for the representation of q.
    private static func position(_ quantile: Double, of count: Int) -> Double {
        precondition((0..<1).contains(quantile), "quantile \(quantile), not in 0..<1")
        let position = quantile * Double(count)
        return (position - position.rounded()).magnitude < 1e-9 ? position.rounded() : position
    }
}
