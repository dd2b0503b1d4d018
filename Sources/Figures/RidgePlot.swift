// The plot of `SpectralDensity`: ridges of logarithmic height over one axis of eigenvalues, the first step on top.

import Foundation

struct RidgePlot {
    // MARK: Scales

    static let width = 480.0
    /// Decades of density that a ridge shows.
    private static let decades = 8.0

    private let ridges: [SpectralDensity.Ridge]
    private let transition: TransitionInterval?
    /// Density at the base of a ridge and at its top.
    private let reach: ClosedRange<Double>
    /// `shares[ridge][i]` is the height of a density as a share of the ridge's; what lies below the floor is on it.
    private let shares: [[Double?]]
    /// The axis of eigenvalues: as far as a density is above the floor, or an outlier lies.
    private let axis: ValueAxis

    init(ridges: [SpectralDensity.Ridge], transition: TransitionInterval?) {
        let densities = ridges.map { ridge in ridge.density.map { $0.flatMap { $0.isFinite ? $0 : nil } } }
        let largest = densities.joined().compactMap(\.self).max() ?? 0
        let top = largest > 0 ? ceil(log10(largest)) : 0
        let floor = pow(10, top - Self.decades)
        self.ridges = ridges
        self.transition = transition
        reach = floor...pow(10, top)
        let shares = densities.map { densities in
            densities.map { $0.map { $0 > floor ? log10($0 / floor) / Self.decades : 0 } }
        }
        self.shares = shares
        axis = Self.axis(ridges, shares)
    }

    private static func axis(_ ridges: [SpectralDensity.Ridge], _ shares: [[Double?]]) -> ValueAxis {
        var seen: [Double] = []
        var masses: [(magnitude: Double, mass: Double)] = []
        for (ridge, shares) in zip(ridges, shares) {
            let last = shares.count - 1
            for (index, share) in shares.enumerated() where (share ?? 0) > 0 {
                let (left, right) = (max(index - 1, 0), min(index + 1, last))
                let ends = (ridge.eigenvalues[left], ridge.eigenvalues[right])
                seen += [ends.0, ends.1]
                masses.append(
                    (abs(ridge.eigenvalues[index]), (ridge.density[index] ?? 0) * (ends.1 - ends.0))
                )
            }
            seen += CellGrid.finite(ridge.outliers)
        }
        return ValueAxis(seen, small: median(masses), decades: 4)
    }

    /// The magnitude that half of the mass lies below: how wide the bulk is.
    private static func median(_ masses: [(magnitude: Double, mass: Double)]) -> Double {
        let sorted = masses.filter { $0.magnitude > 0 }.sorted { $0.magnitude < $1.magnitude }
        let total = sorted.map(\.mass).reduce(0, +)
        var sum = 0.0
        for item in sorted {
            sum += item.mass
            if sum >= total / 2 { return item.magnitude }
        }
        return 0
    }

    // MARK: Layout

    /// Pixels from one ridge's base to the next: fewer where there are many.
    private var spacing: Double { min(max(560 / Double(ridges.count), 6), 52) }
    /// A ridge's height in pixels; where many stand close, each rises before the ones above it.
    private var ridgeHeight: Double { max(spacing * 0.92, 40) }
    private var height: Double { spacing * Double(ridges.count - 1) + ridgeHeight + 16 }

    /// Height in rows of ridges, from the top of the first; the base of ridge `index` is at `index`.
    private var rows: Channel {
        let domain = [Double(ridges.count - 1) + 9 / spacing, -(ridgeHeight + 7) / spacing]
        return Channel(
            field: "y",
            type: .quantitative,
            title: .shown("training step"),
            axis: .shown(
                Axis(
                    labelExpr: "\(Self.stepsParameter)[datum.value]",
                    labelPadding: 6,
                    values: labelled.map { DataValue($0) },
                    grid: false,
                    domain: false,
                    ticks: false
                )
            ),
            scale: Scale(domain: domain.map { .number($0) }, nice: false)
        )
    }

    /// Name of the specification's parameter that holds the ridges' steps.
    private static let stepsParameter = "steps"

    private var labelled: [Int] {
        let stride = max(1, Int((13 / spacing).rounded(.up)))
        return Array(Swift.stride(from: 0, to: ridges.count, by: stride))
    }

    /// The plot, without a title.
    var view: View {
        .layered(
            [zero] + ridges.indices.flatMap { layers(of: $0) },
            width: Self.width,
            height: height
        )
    }

    /// The labels of the ridges.
    var steps: Spec.Parameter {
        .init(
            name: Self.stepsParameter,
            value: .list(ridges.map { .text(ValueScale.grouped($0.step)) })
        )
    }

    private var x: Channel {
        axis.horizontal(
            "x",
            title: ["eigenvalue of the Hessian", axis.note].compactMap(\.self).joined(separator: "; "),
            width: Self.width
        )
    }

    /// What the reader has to know beyond the marks.
    var notes: [String] {
        let undefined = shares.joined().filter { $0 == nil }.count
        let lost = ridges.map { $0.outliers.count - CellGrid.finite($0.outliers).count }.reduce(0, +)
        let ticks = ridges.contains { !CellGrid.finite($0.outliers).isEmpty }
        return [
            """
            Height: logarithm of the density per unit of eigenvalue, base \
            \(ValueScale.significant(reach.lowerBound)), top \(ValueScale.significant(reach.upperBound))
            """
        ]
            + (ticks ? ["Ticks below a ridge: outermost eigenvalues"] : [])
            + [transition.map { "Orange: in the transition, \($0.text)" } ?? "No transition found"]
            + (undefined > 0 ? ["Densities undefined, drawn as gaps: \(ValueScale.grouped(undefined))"] : [])
            + (lost > 0 ? ["Outermost eigenvalues without a value: \(lost)"] : [])
    }

    // MARK: Marks

    private var zero: View {
        .unit(
            Mark(type: .rule, strokeDash: [2, 2], strokeWidth: 1, tooltip: .removed),
            Encoding(x: x, color: Channel(value: .text(Theme.line))),
            data: [["x": 0]]
        )
    }

    private func layers(of index: Int) -> [View] {
        let ridge = ridges[index]
        let isIn = transition.map { $0.low <= ridge.step && ridge.step <= $0.high } ?? false
        let color = Channel(value: .text(isIn ? Palette.highlight : Palette.categories[0]))
        let outline = outline(of: index)
        let base = DataValue(index)
        let ticks: [Row] = CellGrid.finite(ridge.outliers).map {
            ["x": .measured($0), "y": base, "step": DataValue(ridge.step)]
        }
        return [
            .unit(
                Mark(type: .area, fill: Theme.paper, opacity: 0.75, tooltip: .removed),
                Encoding(x: x, y: rows, y2: Channel(field: "base")),
                data: outline
            ),
            .unit(
                Mark(type: .area, opacity: 0.3, tooltip: .removed),
                Encoding(x: x, y: rows, y2: Channel(field: "base"), color: color),
                data: outline
            ),
            .unit(
                Mark(type: .rule, opacity: 1, strokeWidth: 1.2, tooltip: .removed),
                Encoding(x: x, y: rows, y2: Channel(field: "base"), color: color),
                data: outline.indices.filter { isAlone(outline, $0) }.map { outline[$0] }
            ),
            .unit(
                Mark(type: .line, strokeWidth: 1.2, tooltip: .removed),
                Encoding(x: x, y: rows, color: color),
                data: outline
            ),
            .unit(
                Mark(type: .rule, opacity: 1, strokeWidth: 1.2),
                Encoding(
                    x: x,
                    y: rows,
                    y2: Channel(field: "foot"),
                    color: Channel(value: .text(Theme.ink)),
                    tooltip: [
                        Channel(field: "step", type: .quantitative, title: .shown("step"), format: ","),
                        Channel(field: "x", type: .quantitative, title: .shown("eigenvalue"), format: ".4~g"),
                    ]
                ),
                data: ticks.map { $0.merging(["foot": .number(Double(index) + 6 / spacing)]) { $1 } }
            ),
        ]
    }

    /// Whether a density is known, and none beside it: no area leads to it.
    private func isAlone(_ outline: [Row], _ index: Int) -> Bool {
        func isKnown(_ index: Int) -> Bool {
            outline.indices.contains(index) && outline[index]["y"] != .null
        }
        return isKnown(index) && !isKnown(index - 1) && !isKnown(index + 1)
    }

    /// The ridge's edge. Points on the floor between two others on it are left out: the line is the same.
    private func outline(of index: Int) -> [Row] {
        let ridge = ridges[index]
        let shares = shares[index]
        let places = shares.indices.filter { place in
            let around = [place - 1, place, place + 1].filter(shares.indices.contains).map { shares[$0] }
            return around.count < 3 || around.contains { $0 != 0 }
        }
        return places.map { place in
            [
                "x": .measured(ridge.eigenvalues[place]), "base": DataValue(index),
                "y": shares[place].map { .measured(Double(index) - $0 * ridgeHeight / spacing) } ?? .null,
            ]
        }
    }
}
