// Where in training a transition lies, and how figures over steps show it: a shade over the interval, a dashed line
// at its midpoint. The interval is the caller's; a figure finds no transitions.

import Foundation

/// The training steps between which a transition happens.
public struct TransitionInterval: Equatable, Sendable {
    /// The last evaluation before it.
    public let low: Int
    /// The first evaluation after it.
    public let high: Int
    /// Its centre, in steps.
    public let midpoint: Double

    /// A transition between two evaluations.
    ///
    /// - Precondition: 0 <= `low` <= `midpoint` <= `high`.
    public init(low: Int, high: Int, midpoint: Double) {
        precondition(
            low >= 0 && Double(low) <= midpoint && midpoint <= Double(high),
            "A transition's midpoint lies in its interval; found \(midpoint) for \(low) to \(high)."
        )
        self.low = low
        self.high = high
        self.midpoint = midpoint
    }

    /// The interval in words: `step 150 to 225, midpoint 184`.
    var text: String { "\(interval), midpoint \(middle)" }

    private var interval: String {
        "step \(ValueScale.grouped(low))" + (low < high ? " to \(ValueScale.grouped(high))" : "")
    }

    private var middle: String { ValueScale.grouped(Int(midpoint.rounded())) }

    /// What a figure's subtitle says of the shade, or of its absence.
    static func note(_ transition: TransitionInterval?) -> String {
        transition.map { "Shaded: the transition, \($0.interval); dashed: its midpoint, \($0.middle)" }
            ?? "No transition found"
    }

    /// The shade behind a panel's curves. It reaches `above` and `below` the plot, to the shades of its neighbours.
    func shade(on axis: StepAxis, x: (String) -> Channel, above: Double, below: Double) -> [View] {
        let ends: Row = [
            "low": .number(axis.place(Double(low))), "high": .number(axis.place(Double(high))),
        ]
        let (top, bottom) = (Channel(value: .number(-above)), Channel(value: .number(below)))
        let color = Channel(value: .text(Palette.shade))
        // An interval inside one column of pixels is still seen: as the edges.
        let edges = [ends["low"], ends["high"]].compactMap(\.self).map { ["low": $0] }
        return [
            .unit(
                Mark(type: .rect, opacity: 0.17, tooltip: .removed),
                Encoding(x: x("low"), x2: Channel(field: "high"), y: top, y2: bottom, color: color),
                data: [ends]
            ),
            .unit(
                Mark(type: .rule, opacity: 0.55, strokeWidth: 1, tooltip: .removed),
                Encoding(x: x("low"), y: top, y2: bottom, color: color),
                data: edges
            ),
        ]
    }

    /// The line at the midpoint.
    func middle(on axis: StepAxis, x: (String) -> Channel, above: Double, below: Double) -> View {
        .unit(
            Mark(type: .rule, strokeDash: [4, 3], strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: x("middle"),
                y: Channel(value: .number(-above)),
                y2: Channel(value: .number(below)),
                color: Channel(value: .text(Theme.softInk))
            ),
            data: [["middle": .number(axis.place(midpoint))]]
        )
    }
}
