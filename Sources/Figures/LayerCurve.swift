// One quantity per layer with an interval around each value: what every figure over depth is made of.
//
// A value or an interval that is nil or not finite is undefined: the drawn line and band break there. What
// the interval is (method, level, sampling unit) is said by the figure, once for all of its curves.

import Foundation

/// A value per layer, with a name.
public struct LayerCurve: Equatable, Sendable {
    /// What stands beside the curve: a model, a lag bucket, a null.
    public let name: String
    /// `means[layer]`; nil where undefined.
    public let means: [Double?]
    /// Lower ends of the intervals, `low[layer]`; empty for a curve without intervals.
    public let low: [Double?]
    /// Upper ends of the intervals, `high[layer]`; empty for a curve without intervals.
    public let high: [Double?]

    /// A curve from `means[layer]`, with the interval from `low[layer]` to `high[layer]`.
    ///
    /// - Precondition: at least one layer; `low` and `high` are both empty or as long as `means`.
    public init(name: String, means: [Double?], low: [Double?] = [], high: [Double?] = []) {
        precondition(!means.isEmpty, "A curve over layers has at least one layer; “\(name)” has none.")
        precondition(
            low.count == high.count && (low.isEmpty || low.count == means.count),
            """
            The interval ends of “\(name)” are empty or one a layer; found \(low.count) lower and \
            \(high.count) upper ends of \(means.count) layers.
            """
        )
        self.name = name
        self.means = means
        self.low = low
        self.high = high
    }

    var layerCount: Int { means.count }

    func mean(_ layer: Int) -> Double? {
        guard means.indices.contains(layer), let mean = means[layer], mean.isFinite else { return nil }
        return mean
    }

    /// The interval of a layer. A layer without a value, or with one end only, has none.
    func band(_ layer: Int) -> ClosedRange<Double>? {
        guard mean(layer) != nil, low.indices.contains(layer), let low = low[layer], let high = high[layer],
            low.isFinite, high.isFinite, low <= high
        else { return nil }
        return low...high
    }

    /// 0 for the first layer, 1 for the last; 0 where there is only one.
    func relativeDepth(of layer: Int) -> Double {
        layerCount > 1 ? Double(layer) / Double(layerCount - 1) : 0
    }

    /// The layer with the largest value, the first of equals. Nil without a value, and where several layers
    /// all have the same: then no layer stands out.
    var peak: (layer: Int, mean: Double)? {
        let defined = means.indices.compactMap { layer in mean(layer).map { (layer: layer, mean: $0) } }
        guard let best = defined.max(by: { $0.mean < $1.mean || ($0.mean == $1.mean && $0.layer > $1.layer) })
        else { return nil }
        return defined.count == 1 || defined.contains { $0.mean < best.mean } ? best : nil
    }

    /// Every number that the curve draws.
    var drawn: [Double] {
        means.indices.flatMap { layer -> [Double] in
            [mean(layer), band(layer)?.lowerBound, band(layer)?.upperBound].compactMap(\.self)
        }
    }
}
