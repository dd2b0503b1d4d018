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

    /// The range of positive numbers widened to 1, 2 or 5 times a power of ten, never empty.
    static func logDomain(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        let low = roundMantissas(from: range.lowerBound / 10, through: range.lowerBound * (1 + 1e-9)).last
        let least = low ?? range.lowerBound
        let high = roundMantissas(from: range.upperBound * (1 - 1e-9), through: range.upperBound * 10)
            .first { $0 > least * (1 + 1e-9) }
        return least...(high ?? least * 10)
    }

    /// Labelled numbers on a logarithmic axis: 1, 2 and 5 times powers of ten, over several decades the
    /// powers alone.
    static func logTicks(in domain: ClosedRange<Double>) -> [Double] {
        let ticks = roundMantissas(
            from: domain.lowerBound * (1 - 1e-9),
            through: domain.upperBound * (1 + 1e-9)
        )
        guard ticks.count > 10 else { return ticks }
        return ticks.filter { abs(log10($0) - log10($0).rounded()) < 1e-9 }
    }

    private static func roundMantissas(from low: Double, through high: Double) -> [Double] {
        let powers = Int(floor(log10(low)))...Int(ceil(log10(high)))
        return powers.flatMap { power in
            [1.0, 2, 5].map { power < 0 ? $0 / pow(10, Double(-power)) : $0 * pow(10, Double(power)) }
        }
        .filter { (low...high).contains($0) }
    }

    /// How far apart labels along an axis stand, in cells of `cell` pixels: 1, or the first of `steps` that
    /// leaves a line of small text between them.
    static func labelStride(cell: Double, of steps: [Int]) -> Int {
        guard cell < 9 else { return 1 }
        let needed = Int((11 / cell).rounded(.up))
        return steps.first { $0 >= needed } ?? steps.last ?? 1
    }

    /// Pixels from the left and from the top of a plot.
    struct Place: Equatable {
        var x: Double
        var y: Double
    }

    /// For each point a place `distance` from it: above where that is free, else in another of eight
    /// directions, free of the other points and of the places given before, and inside the plot. Where no
    /// direction is free, the one with the most room.
    static func beside(_ points: [Place], distance: Double, width: Double, height: Double) -> [Place] {
        let directions = [
            (0, -1), (0.7, -0.7), (-0.7, -0.7), (1, 0), (-1, 0), (0.7, 0.7), (-0.7, 0.7), (0, 1),
        ]
        var places: [Place] = []
        for (index, point) in points.enumerated() {
            let taken = points.enumerated().filter { $0.offset != index }.map(\.element) + places
            let candidates = directions.map {
                Place(x: point.x + $0.0 * distance, y: point.y + $0.1 * distance)
            }
            func room(_ place: Place) -> Double {
                let inside = (0...width).contains(place.x) && (0...height).contains(place.y)
                return inside ? taken.map { hypot(place.x - $0.x, place.y - $0.y) }.min() ?? .infinity : 0
            }
            let best = candidates.max { room($0) < room($1) } ?? point
            places.append(candidates.first { room($0) >= distance } ?? best)
        }
        return places
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
