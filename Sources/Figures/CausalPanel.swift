// One metric's strip in `CausalDelta`: the tested heads above, the random draws below, zero the base run.

import Foundation

/// Two rows over the change of a metric.
struct CausalPanel {
    var outcome: CausalDelta.Outcome
    var width: Double

    /// Name of the specification's parameter that holds the two rows' names.
    static let namesParameter = "names"
    private static let rowHeight = 34.0

    private var drawn: [Double] {
        let ends = [outcome.interval, outcome.drawsRange].compactMap(\.self)
        return [0, outcome.delta, outcome.drawsMedian] + outcome.drawDeltas
            + ends.flatMap { [$0.lowerBound, $0.upperBound] }
    }

    private var domain: ClosedRange<Double> {
        PlotLayout.roundDomain((drawn.min() ?? 0)...(drawn.max() ?? 0))
    }

    private var decimals: Int { max(2, ValueScale.decimals(for: domain)) }

    private func signed(_ value: Double) -> String {
        ValueScale.text(value, decimals: decimals, plus: true)
    }

    private func effect(_ delta: Double, _ range: ClosedRange<Double>?) -> String {
        let ends = range.map { " [\(signed($0.lowerBound)), \(signed($0.upperBound))]" } ?? ""
        return signed(delta) + ends
    }

    var view: View {
        View.layered(
            [zero] + runNames + [guide, range, draws] + medians + [interval] + caps + [tested, numbers],
            width: width,
            height: 2 * Self.rowHeight
        )
    }

    // MARK: Channels

    private var row: Channel {
        Channel(
            field: "row",
            type: .ordinal,
            title: .removed,
            axis: .shown(
                Axis(
                    labelExpr: "\(Self.namesParameter)[datum.value]",
                    labelLimit: 240,
                    labelPadding: 8,
                    domain: false,
                    ticks: false
                )
            ),
            scale: Scale(domain: [0, 1]),
            sort: .shown("ascending")
        )
    }

    private func change(_ field: String) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown("Δ \(outcome.name.onOneLine), ablated − base"),
            axis: .shown(Axis(labelFlush: false, grid: true, domain: false, ticks: false, tickCount: 6)),
            scale: Scale(domain: [.number(domain.lowerBound), .number(domain.upperBound)], nice: false)
        )
    }

    private func ink(_ color: String) -> Channel { Channel(value: .text(color)) }

    // MARK: Rows

    private var testedRow: Row {
        var row: Row = [
            "row": 0, "change": .measured(outcome.delta),
            "shown": .text("Δ " + effect(outcome.delta, outcome.interval)),
        ]
        row["low"] = outcome.interval.map { .measured($0.lowerBound) }
        row["high"] = outcome.interval.map { .measured($0.upperBound) }
        return row
    }

    private var drawsRow: Row {
        var row: Row = [
            "row": 1, "change": .measured(outcome.drawsMedian),
            "shown": .text(
                (outcome.draws.count > 1 ? "median " : "Δ ")
                    + effect(outcome.drawsMedian, outcome.drawsRange)
            ),
        ]
        row["low"] = outcome.drawsRange.map { .measured($0.lowerBound) }
        row["high"] = outcome.drawsRange.map { .measured($0.upperBound) }
        return row
    }

    private func named(_ name: String, _ value: Double) -> Row {
        [
            "change": .measured(value - outcome.base),
            "shown": .text("\(name) " + ValueScale.text(value, decimals: decimals)),
        ]
    }

    // MARK: Layers

    private var zero: View {
        .unit(
            Mark(type: .rule, strokeWidth: 1, tooltip: .removed),
            Encoding(x: change("change"), color: ink(Theme.softInk)),
            data: [named("base", outcome.base)]
        )
    }

    /// Above the lines of both runs, on the sides that face away from each other.
    private var runNames: [View] {
        let falls = outcome.delta < 0
        return [
            runName(named("base", outcome.base), align: falls ? "left" : "right"),
            runName(named("ablated", outcome.ablated), align: falls ? "right" : "left"),
        ]
    }

    private func runName(_ row: Row, align: String) -> View {
        .unit(
            Mark(
                type: .text,
                align: align,
                baseline: "bottom",
                dx: align == "left" ? 3 : -3,
                fontSize: 10,
                tooltip: .removed
            ),
            Encoding(
                x: change("change"),
                y: Channel(value: -3),
                color: ink(Theme.softInk),
                text: Channel(field: "shown", type: .nominal)
            ),
            data: [row]
        )
    }

    /// From the tested heads down through the draws: where among them the effect lies.
    private var guide: View {
        .unit(
            Mark(type: .rule, strokeDash: [3, 3], strokeWidth: 1, tooltip: .removed),
            Encoding(x: change("change"), color: ink(Palette.highlight)),
            data: [testedRow]
        )
    }

    private var range: View {
        .unit(
            Mark(type: .rule, opacity: 0.45, strokeWidth: 9, tooltip: .removed),
            Encoding(x: change("low"), x2: Channel(field: "high"), y: row, color: ink(Palette.mark)),
            data: [drawsRow],
            transform: [View.Transform(filter: "isValid(datum.low)")]
        )
    }

    private var draws: View {
        .unit(
            Mark(type: .tick, opacity: 0.75, size: 15, thickness: 1),
            Encoding(x: change("change"), y: row, color: ink(Theme.ink)),
            data: outcome.drawDeltas.map { ["row": 1, "change": .measured($0)] }
        )
    }

    /// A single draw is its own median, and not called one.
    private var medians: [View] {
        guard outcome.draws.count > 1 else { return [] }
        return [
            .unit(
                Mark(type: .tick, opacity: 1, size: 23, thickness: 2.5),
                Encoding(x: change("change"), y: row, color: ink(Palette.categories[0])),
                data: [drawsRow]
            )
        ]
    }

    private var withInterval: [View.Transform] { [View.Transform(filter: "isValid(datum.low)")] }

    private var interval: View {
        .unit(
            Mark(type: .rule, strokeWidth: 1.5),
            Encoding(x: change("low"), x2: Channel(field: "high"), y: row, color: ink(Palette.highlight)),
            data: [testedRow],
            transform: withInterval
        )
    }

    private var caps: [View] {
        ["low", "high"].map { end in
            .unit(
                Mark(type: .tick, opacity: 1, size: 9, thickness: 1.5),
                Encoding(x: change(end), y: row, color: ink(Palette.highlight)),
                data: [testedRow],
                transform: withInterval
            )
        }
    }

    private var tested: View {
        .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 70),
            Encoding(
                x: change("change"),
                y: row,
                color: ink(Palette.highlight),
                shape: Channel(value: "diamond")
            ),
            data: [testedRow]
        )
    }

    /// Both rows' numbers, right of the plot.
    private var numbers: View {
        .unit(
            Mark(type: .text, align: "left", baseline: "middle", dx: 10, fontSize: 10),
            Encoding(
                x: Channel(value: "width"),
                y: row,
                color: ink(Theme.ink),
                text: Channel(field: "shown", type: .nominal)
            ),
            data: [testedRow, drawsRow]
        )
    }
}
