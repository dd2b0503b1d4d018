// A rising ramp between two constants, by least squares.
//
// Quantity: levels a < b and places u < v on the x axis that minimise sum_i (y_i - f(x_i))^2, f = a up to u, b from v on, a
// straight line in between. At least one point lies at or before u, at least two at or after v: one high point at the end
// shows no level. Exact: for every pair of gaps between neighbouring points in which u and v may lie, the minimum is
// either that of two free constants and a free line whose crossings fall into the gaps, or lies on a gap's edge, where one or
// both places are a point's x; each is a regression in closed form. Cost: n^2 / 2 pairs of gaps, of which nearly all are
// left out because even the free fit is no better than the best ramp so far: a millisecond where there is a ramp, at most
// about a tenth of a second for 3000 points of noise. What it does not show: whether there is a ramp at all
// (TransitionFit), or how sure its places are.

struct RampFit: Equatable {
    /// a and b.
    var lowerLevel: Double
    var upperLevel: Double
    /// u and v.
    var start: Double
    var end: Double
    /// Sum of squared distances.
    var residual: Double

    /// The best ramp; nil where none has a smaller residual than the bound.
    ///
    /// - Parameters:
    ///   - x: ascending, no two equal.
    ///   - y: finite.
    ///   - bound: what is not below it is of no interest; the lower it is, the faster the search.
    init?(_ x: [Double], _ y: [Double], below bound: Double) {
        guard let best = RampSearch(x, y).best(below: bound) else { return nil }
        self = best
    }

    fileprivate init(_ levels: (Double, Double), _ places: (Double, Double), residual: Double) {
        (lowerLevel, upperLevel) = levels
        (start, end) = places
        self.residual = residual
    }
}

/// The search over pairs of gaps. Gap g is between points g - 1 and g.
private struct RampSearch {
    let x: [Double]
    let y: [Double]
    /// Moments of y of the first n points, and of those from point n on; x is 0.
    let before: [Moments]
    let after: [Moments]

    init(_ x: [Double], _ y: [Double]) {
        self.x = x
        self.y = y
        func running(_ values: some Collection<Double>) -> [Moments] {
            var moments = [Moments()]
            for value in values {
                var next = moments[moments.count - 1]
                next.add(0, value)
                moments.append(next)
            }
            return moments
        }
        before = running(y)
        after = running(y.reversed()).reversed()
    }

    func best(below bound: Double) -> RampFit? {
        var best: RampFit?
        var bound = bound
        // A few gaps first: a good ramp found early leaves out most of the others.
        for step in [max(1, x.count / 32), 1] {
            for first in stride(from: 1, to: x.count - 1, by: step) {
                let left = before[first].yy
                if left >= bound { break }
                var middle = Moments()
                for last in first..<x.count - 1 {
                    // Here the points first..<last are on the ramp.
                    let onRamp = left + middle.residual
                    if onRamp >= bound { break }
                    if (last - first).isMultiple(of: step), onRamp + after[last].yy < bound,
                        let fit = fit(first, last, middle, below: bound)
                    {
                        (best, bound) = (fit, fit.residual)
                    }
                    middle.add(x[last], y[last])
                }
            }
        }
        return best
    }

    /// The best ramp with u in gap `first` and v in gap `last`, if it is below the bound and rises.
    private func fit(_ first: Int, _ last: Int, _ middle: Moments, below bound: Double) -> RampFit? {
        let (low, high) = (before[first], after[last])
        let (startGap, endGap) = (x[first - 1]...x[first], x[last - 1]...x[last])
        var best: RampFit?
        func consider(_ a: Double, _ b: Double, _ u: Double, _ v: Double, _ residual: Double) {
            guard a < b, startGap.contains(u), endGap.contains(v), residual < best?.residual ?? bound else {
                return
            }
            best = RampFit((a, b), (u, v), residual: residual)
        }
        // u and v at the outer points of their gaps.
        let (u, v) = (startGap.lowerBound, endGap.upperBound)
        let ramp = low.merged(with: middle.rescaled(origin: u, unit: v - u)).merged(
            with: high.gathered(at: 1)
        )
        consider(ramp.line(at: 0), ramp.line(at: 1), u, v, ramp.residual)
        guard middle.count > 0 else { return best }
        // u there, v free.
        let rise = low.merged(with: middle.rescaled(origin: u))
        consider(
            rise.line(at: 0),
            high.y,
            u,
            u + (high.y - rise.line(at: 0)) / rise.slope,
            rise.residual + high.yy
        )
        // v there, u free.
        let arrival = high.merged(with: middle.rescaled(origin: v))
        consider(
            low.y,
            arrival.line(at: 0),
            v - (arrival.line(at: 0) - low.y) / arrival.slope,
            v,
            low.yy + arrival.residual
        )
        // Both free.
        if middle.count > 1 {
            consider(
                low.y,
                high.y,
                middle.x + (low.y - middle.y) / middle.slope,
                middle.x + (high.y - middle.y) / middle.slope,
                low.yy + middle.residual + high.yy
            )
        }
        return best
    }
}
