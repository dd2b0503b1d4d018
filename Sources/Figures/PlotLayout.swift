// Layout that has to be decided before Vega sees a figure: round axis ends, and labels that keep their
// distance.

import Foundation

enum PlotLayout {
    /// The range widened to whole steps of a round size, about five of them; 0...1 for an empty range.
    static func roundDomain(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else { return 0...1 }
        let unit = pow(10, floor(log10(span / 5)))
        let step = ([1, 2, 5].first { $0 * unit * 5 >= span * (1 - 1e-9) } ?? 10) * unit
        // The slack keeps a bound that is a whole number of steps, up to rounding, from gaining another.
        let low = (range.lowerBound / step + 1e-9).rounded(.down) * step
        let high = (range.upperBound / step - 1e-9).rounded(.up) * step
        return low...high
    }

    /// Places for labels that want to be at `wanted` (pixels from the top), at least `step` apart, inside
    /// 0...`height` as far as they fit, in the order of `wanted`.
    static func spread(_ wanted: [Double], step: Double, height: Double) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var places = wanted
        var next = -Double.infinity
        for index in order {
            places[index] = max(wanted[index], next)
            next = places[index] + step
        }
        var limit = height
        for index in order.reversed() {
            places[index] = min(places[index], limit)
            limit = places[index] - step
        }
        return places
    }
}
