// The transitions of several runs, a row each, below their curves in `SeedOverlay` and on the same axis.

import Foundation

struct TransitionStrip {
    /// Rows of one condition, with what stands beside them.
    struct Group {
        var text: String
        var first: Int
        var last: Int
    }

    var runs: [SeedOverlay.Run]
    /// Which of the palette's looks each run has.
    var looks: [Int]
    var groups: [Group]
    var steps: StepAxis

    /// Name of the specification's parameter that holds the rows' names.
    static let namesParameter = "names"
    private static let rowHeight = 15.0

    private var height: Double { Self.rowHeight * Double(runs.count) }

    var view: View {
        .layered([extents, bars, midpoints, absences] + groupMarks, width: steps.width, height: height)
    }

    // MARK: Channels

    private func x(_ field: String) -> Channel { steps.channel(field) }

    private func row(_ field: String = "row") -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .removed,
            axis: .shown(
                Axis(
                    labelExpr: "\(Self.namesParameter)[datum.value]",
                    labelLimit: 260,
                    labelPadding: 8,
                    values: runs.indices.map { DataValue($0) },
                    grid: false,
                    domain: false,
                    ticks: false
                )
            ),
            scale: Scale(domain: [.number(Double(runs.count) - 0.5), -0.5], nice: false)
        )
    }

    private var color: Channel {
        Channel(
            field: "run",
            type: .nominal,
            scale: Scale(
                domain: runs.indices.map { .text("\($0)") },
                range: looks.map { .text(Palette.categories[$0 % Palette.categories.count]) }
            ),
            legend: .removed
        )
    }

    // MARK: Marks

    /// The steps of each run, with the line that its curve has.
    private var extents: View {
        let rows = runs.enumerated().flatMap { index, run -> [Row] in
            [run.series.steps.first { $0 > 0 } ?? run.series.steps.first, run.series.steps.last]
                .compactMap(\.self).map {
                    [
                        "run": .text("\(index)"), "row": DataValue(index),
                        "x": .number(steps.place(Double($0))),
                    ]
                }
        }
        return .unit(
            Mark(type: .line, opacity: 0.75, strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: x("x"),
                y: row(),
                color: color,
                strokeDash: Channel(
                    field: "run",
                    type: .nominal,
                    scale: Scale(
                        domain: runs.indices.map { .text("\($0)") },
                        range: looks.map {
                            .list(Palette.dashes[$0 % Palette.dashes.count].map { .number($0) })
                        }
                    ),
                    legend: .removed
                )
            ),
            data: rows
        )
    }

    private var found: [Row] {
        runs.enumerated().compactMap { index, run in
            run.transition.map {
                [
                    "run": .text("\(index)"), "row": DataValue(index), "name": .text(run.name.onOneLine),
                    "x": .number(steps.place(Double($0.low))), "high": .number(steps.place(Double($0.high))),
                    "middle": .number(steps.place($0.midpoint)), "from": DataValue($0.low),
                    "to": DataValue($0.high), "midpoint": .measured($0.midpoint),
                ]
            }
        }
    }

    private var bars: View {
        .unit(
            Mark(type: .rule, opacity: 1, strokeWidth: 7),
            Encoding(
                x: x("x"),
                x2: Channel(field: "high"),
                y: row(),
                color: color,
                tooltip: [
                    Channel(field: "name", type: .nominal, title: .shown("run")),
                    Channel(field: "from", type: .quantitative, title: .shown("low"), format: ","),
                    Channel(field: "to", type: .quantitative, title: .shown("high"), format: ","),
                    Channel(
                        field: "midpoint",
                        type: .quantitative,
                        title: .shown("midpoint"),
                        format: ",.1~f"
                    ),
                ]
            ),
            data: found
        )
    }

    private var midpoints: View {
        .unit(
            Mark(type: .tick, opacity: 1, orient: "vertical", size: 13, thickness: 2, tooltip: .removed),
            Encoding(x: x("middle"), y: row(), color: Channel(value: .text(Theme.ink))),
            data: found
        )
    }

    /// On paper, over the run's line.
    private var absences: View {
        let rows: [Row] = runs.indices.filter { runs[$0].transition == nil }.map {
            ["row": DataValue($0), "shown": "none found"]
        }
        return View(
            layer: View.textOnPaper(
                Mark(type: .text, align: "center", baseline: "middle", fontSize: 10),
                Encoding(
                    x: Channel(value: .number(steps.width / 2)),
                    y: row(),
                    color: Channel(value: .text(Theme.softInk))
                ),
                data: rows
            )
        )
    }

    /// A bracket and the condition's name beside its rows.
    private var groupMarks: [View] {
        guard !groups.isEmpty else { return [] }
        let rows: [Row] = groups.map {
            [
                "run": .text("\($0.first)"), "row": .number(Double($0.first) - 0.3),
                "end": .number(Double($0.last) + 0.3),
                "middle": .number(Double($0.first + $0.last) / 2), "shown": .text($0.text),
            ]
        }
        return [
            .unit(
                Mark(type: .rule, opacity: 1, strokeWidth: 2.5, tooltip: .removed),
                Encoding(
                    x: Channel(value: .number(steps.width + 9)),
                    y: row(),
                    y2: Channel(field: "end"),
                    color: color
                ),
                data: rows
            ),
            .unit(
                Mark(type: .text, align: "left", baseline: "middle", dx: 16, fontSize: 11, tooltip: .removed),
                Encoding(
                    x: Channel(value: "width"),
                    y: row("middle"),
                    color: Channel(value: .text(Theme.ink)),
                    text: Channel(field: "shown", type: .nominal)
                ),
                data: rows
            ),
        ]
    }
}
