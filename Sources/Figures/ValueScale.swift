// The range that values are read against: the same in every figure of a kind, so that two figures compare.

import Foundation

/// Which values a figure expects and how it colours them.
public enum ValueScale: Equatable, Sendable {
    /// Scores from 0 to 1, light to dark. The scale is fixed, whatever the largest value is.
    case unit
    /// Signed differences around zero: blue below, white at zero, orange above. The scale is symmetric and
    /// reaches `limit`, or the largest magnitude in the data where `limit` is nil.
    case signed(limit: Double? = nil)

    /// Lower and upper end of the scale for these values.
    func domain(for values: [Double]) -> ClosedRange<Double> {
        switch self {
        case .unit: return 0...1
        case .signed(let limit):
            if let limit, limit.isFinite, limit > 0 { return -limit...limit }
            let largest = values.filter(\.isFinite).map(abs).max() ?? 0
            let rounded = Self.roundedUp(largest)
            return rounded > 0 ? -rounded...rounded : -1...1
        }
    }

    /// The smallest number with two significant digits that is not below `value`.
    static func roundedUp(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 0 }
        let digits = 1 - floor(log10(value))
        let scale = pow(10, abs(digits))
        let up =
            digits >= 0
            ? (value * scale - 1e-9).rounded(.up) / scale : (value / scale - 1e-9).rounded(.up) * scale
        return up.isFinite && up > 0 ? max(up, value) : value
    }

    /// Decimals that show two significant digits of the largest value, and at least two below ten.
    static func decimals(for domain: ClosedRange<Double>) -> Int {
        let largest = max(abs(domain.lowerBound), abs(domain.upperBound))
        guard largest > 0 else { return 2 }
        let magnitude = floor(log10(largest))
        if magnitude >= 1 { return max(0, 2 - Int(magnitude)) }
        return min(8, max(2, 1 - Int(magnitude)))
    }

    /// The d3 number format of values on this scale.
    func format(for domain: ClosedRange<Double>) -> String {
        let decimals = Self.decimals(for: domain)
        switch self {
        case .unit: return ".2f"
        case .signed: return "+.\(decimals)f"
        }
    }

    /// A value as the figure prints it, with a true minus sign; what rounds to zero has no sign.
    func text(_ value: Double, in domain: ClosedRange<Double>) -> String {
        self == .unit
            ? Self.text(value, decimals: 2)
            : Self.text(value, decimals: Self.decimals(for: domain), plus: true)
    }

    /// A number with a true minus sign and, where asked for, a plus; what rounds to zero has no sign.
    static func text(_ value: Double, decimals: Int, plus: Bool = false) -> String {
        let digits = String(format: "%.\(decimals)f", abs(value))
        if !digits.contains(where: { $0 != "0" && $0 != "." }) { return digits }
        return (value < 0 ? "\u{2212}" : (plus ? "+" : "")) + digits
    }

    /// A count with its thousands apart: 12,300.
    static func grouped(_ count: Int) -> String {
        var text = ""
        for (place, digit) in String(count.magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text = "," + text }
            text = "\(digit)" + text
        }
        return (count < 0 ? "\u{2212}" : "") + text
    }

    var ramp: [RGB] { self == .unit ? Palette.sequential : Palette.diverging }

    /// The colour of a value.
    func color(of value: Double, in domain: ClosedRange<Double>) -> RGB {
        Palette.color(
            in: ramp,
            at: (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        )
    }

    /// The Vega-Lite colour scale: one domain value per colour of the ramp.
    func colorScale(for domain: ClosedRange<Double>) -> Scale {
        let steps = ramp.count - 1
        return Scale(
            type: "linear",
            domain: (0...steps).map { step in
                let share = Double(step) / Double(steps)
                return .measured(
                    domain.lowerBound + (domain.upperBound - domain.lowerBound) * share
                )
            },
            range: ramp.map { .text($0.hex) },
            interpolate: "rgb",
            clamp: true
        )
    }
}

extension ValueScale {
    /// The numbers that a colour legend labels: both ends, the middle, and halfway.
    func ticks(for domain: ClosedRange<Double>) -> [Double] {
        (0...4).map { domain.lowerBound + (domain.upperBound - domain.lowerBound) * Double($0) / 4 }
    }
}
