// Equal-number estimator: the best of many heads are better than the best of few, even where all are alike. Between
// models with different numbers of heads, `topq` is compared as it would be with the smaller number.
//
// Quantity: the expected `top` value (LayerReduction) of m heads drawn without replacement from the layer's H, exact:
// the i-th smallest of H is the j-th smallest of the draw with probability C(i, j) C(H-1-i, m-1-j) / C(H, m).
// With m = H it is `top` itself. It is unbiased for a layer whose heads are draws from one distribution. It is not
// invariant when every head is doubled: a draw of H from 2 H may miss both copies of the best. `tail` is.

import Foundation

/// The expected `top` value of `count` of these heads, drawn without replacement.
public func equalNumberTop(_ scores: [Double], quantile: Double, count: Int) -> Double {
    precondition(
        (1...max(1, scores.count)).contains(count) && !scores.isEmpty,
        "\(count) of \(scores.count) heads"
    )
    let first = LayerReduction.firstKept(quantile, of: count)
    let sorted = scores.sorted()
    let all = logBinomial(scores.count, count)
    var expected = 0.0
    for (rank, value) in sorted.enumerated() {
        for place in first..<count where place <= rank && count - 1 - place <= scores.count - 1 - rank {
            let log =
                logBinomial(rank, place) + logBinomial(scores.count - 1 - rank, count - 1 - place) - all
            expected += exp(log) * value
        }
    }
    return expected / Double(count - first)
}

/// The equal-number profile of scores [layer][head].
public func equalNumberProfile(_ scores: [[Double]], quantile: Double, count: Int) -> DepthProfile {
    DepthProfile(scores.map { equalNumberTop($0, quantile: quantile, count: count) })
}
