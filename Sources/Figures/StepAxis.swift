// The axis of training steps: logarithmic, since what happens early happens fast.
//
// It runs from the first positive step to the last. Step 0, before the first update, has no logarithm: it stands
// apart at the left end, behind a dotted line, under its own "0"; no curve is drawn from it to the others. All panels
// of a figure share one axis.

import Foundation

struct StepAxis: Equatable {
    let width: Double
    let hasZero: Bool
    /// The first and the last positive step.
    private let ends: ClosedRange<Double>?

    /// Share of the width that step 0 takes.
    private static let zeroShare = 0.08

    /// The axis of everything that a figure shows over steps.
    init(steps: some Sequence<Int>, width: Double) {
        let steps = Set(steps)
        let positive = steps.filter { $0 > 0 }
        self.width = width
        hasZero = steps.contains(0)
        ends = positive.min().flatMap { least in positive.max().map { Double(least)...Double($0) } }
    }

    /// The positive steps of the axis, never empty.
    private var reach: ClosedRange<Double> {
        guard let ends else { return 1...10 }
        return ends.lowerBound < ends.upperBound ? ends : ends.lowerBound / 1.5...ends.upperBound * 1.5
    }

    private var decades: Double { log10(reach.upperBound / reach.lowerBound) }

    private func left(ofFirst share: Double) -> Double {
        reach.lowerBound / pow(10, decades * share / (1 - Self.zeroShare))
    }

    var domain: ClosedRange<Double> {
        (hasZero ? left(ofFirst: Self.zeroShare) : reach.lowerBound)...reach.upperBound
    }

    /// Where the line stands that sets step 0 apart.
    var cut: Double { left(ofFirst: Self.zeroShare * 0.35) }

    /// A step's place in the axis's own units.
    func place(_ step: Double) -> Double {
        if step <= 0, hasZero { return left(ofFirst: Self.zeroShare * 0.7) }
        return min(max(step, hasZero ? cut : reach.lowerBound), reach.upperBound)
    }

    /// A step's distance from the left end in pixels.
    func pixel(_ step: Double) -> Double {
        log10(place(step) / domain.lowerBound) / log10(domain.upperBound / domain.lowerBound) * width
    }

    /// The half pixel that a step falls into: figures are drawn with two dots a pixel.
    func column(of step: Int) -> Int { Int(pixel(Double(step)) * 2) }

    /// The labelled steps, step 0 among them.
    var ticks: [Double] {
        guard let ends else { return [place(0)] }
        return (hasZero ? [place(0)] : []) + Self.ticks(in: ends)
    }

    private static func ticks(in ends: ClosedRange<Double>) -> [Double] {
        guard ends.lowerBound < ends.upperBound else { return [ends.lowerBound] }
        let round = PlotLayout.logTicks(in: ends).filter { $0 >= 1 }
        guard round.count < 3 else { return round }
        // Less than a decade: even steps.
        let span = ends.upperBound - ends.lowerBound
        let unit = pow(10, max(floor(log10(span / 4)), 0))
        let step = ([1, 2, 5].first { $0 * unit * 4 >= span } ?? 10) * unit
        let first = (ends.lowerBound / step).rounded(.up) * step
        return Array(stride(from: first, through: ends.upperBound, by: step))
    }

    /// The channel along x, with the numbers and the title where they are named.
    func channel(_ field: String, isNamed: Bool = true) -> Channel {
        let name =
            width < 260
            ? "training step (log)" : "training step (logarithmic\(hasZero ? "; step 0 stands apart" : ""))"
        return Channel(
            field: field,
            type: .quantitative,
            title: isNamed ? .shown(name) : .removed,
            axis: .shown(
                Axis(
                    labels: isNamed ? nil : false,
                    labelExpr: hasZero
                        ? "datum.value < \(cut) ? '0' : format(datum.value, ',')"
                        : "format(datum.value, ',')",
                    labelFlush: false,
                    labelOverlap: .shown(true),
                    labelPadding: 4,
                    values: ticks.map { .number($0) },
                    grid: true,
                    domain: isNamed,
                    ticks: isNamed
                )
            ),
            scale: Scale(
                type: "log",
                domain: [.number(domain.lowerBound), .number(domain.upperBound)],
                nice: false
            )
        )
    }
}
