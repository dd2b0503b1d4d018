// What a plot over steps draws for its curves: lines, points, error bars, what lies above the axis; and behind them the
// zero line, the line that sets step 0 apart, and the grey curves.

import Foundation

extension StepPlot {
    // MARK: Behind the curves

    /// Between step 0 and the others.
    var cut: View {
        .unit(
            Mark(type: .rule, strokeDash: [1, 3], strokeWidth: 1, tooltip: .removed),
            Encoding(
                x: x("cut"),
                y: Channel(value: 0),
                y2: Channel(value: .number(height)),
                color: Channel(value: .text(Theme.line))
            ),
            data: [["cut": .number(steps.cut)]]
        )
    }

    var zero: View {
        .unit(
            Mark(type: .rule, strokeWidth: 1, tooltip: .removed),
            Encoding(y: y("zero"), color: Channel(value: .text(Theme.contextLine))),
            data: [["zero": 0]]
        )
    }

    var contextLines: [View] {
        let grey = Channel(value: .text(Theme.contextLine))
        let names = [Channel(field: "name", type: .nominal, title: .shown("curve"))]
        let drawn = context.map { (name: $0.name.onOneLine, points: $0.series.line(on: steps).points) }
        func named(_ rows: ([StepSeries.LinePoint]) -> [Row]) -> [Row] {
            drawn.flatMap { item in
                rows(item.points).map { $0.merging(["name": .text(item.name)]) { $1 } }
            }
        }
        return [
            .unit(
                Mark(type: .line, strokeWidth: 1),
                Encoding(
                    x: x("x"),
                    y: y("y"),
                    color: grey,
                    detail: Channel(field: "name", type: .nominal),
                    tooltip: names
                ),
                data: named(rows)
            ),
            .unit(
                Mark(type: .point, filled: true, opacity: 1, size: 10),
                Encoding(x: x("x"), y: y("y"), color: grey, tooltip: names),
                data: named { points in
                    points.filter(\.isAlone).map {
                        ["x": .number(steps.place(Double($0.step))), "y": .measured($0.value)]
                    }
                }
            ),
        ]
    }

    // MARK: Curves

    /// A row per point of a drawn line. Step 0 is followed by a break.
    private func rows(of points: [StepSeries.LinePoint]) -> [Row] {
        points.flatMap { point -> [Row] in
            let row: Row = [
                "x": .number(steps.place(Double(point.step))), "y": .measured(point.value),
            ]
            return point.step == 0 ? [row, ["x": .number(steps.cut), "y": .null]] : [row]
        }
    }

    /// The lines, their points, and what marks the values above the axis.
    var curves: [View] {
        let drawn = lines.map { $0.series.line(on: steps).points }
        let above = drawn.map { $0.filter { ($0.value ?? 0) > upperEdge } }
        let clips = above.contains { !$0.isEmpty }
        let rows = drawn.enumerated().flatMap { index, points in
            self.rows(of: points).map { $0.merging(["line": .text("\(index)")]) { $1 } }
        }
        return [
            .unit(
                Mark(type: .line, clip: clips ? true : nil, strokeWidth: strokeWidth, tooltip: .removed),
                Encoding(
                    x: x("x"),
                    y: y("y"),
                    color: color,
                    strokeDash: identity { .list($0.dash.map { .number($0) }) }
                ),
                data: rows
            ),
            .unit(
                Mark(
                    type: .point,
                    clip: clips ? true : nil,
                    filled: true,
                    opacity: 1,
                    size: steps.width < 300 ? 14 : 22
                ),
                Encoding(
                    x: x("x"),
                    y: y("y"),
                    color: color,
                    shape: shape,
                    tooltip: [
                        Channel(field: "name", type: .nominal, title: .shown("curve")),
                        Channel(field: "step", type: .quantitative, title: .shown("step"), format: ","),
                        Channel(
                            field: "y",
                            type: .quantitative,
                            title: .shown((header ?? "value").onOneLine),
                            format: ".4~g"
                        ),
                    ]
                ),
                data: pointRows(drawn)
            ),
        ] + (clips ? [triangles(above)] : [])
    }

    private func pointRows(_ drawn: [[StepSeries.LinePoint]]) -> [Row] {
        zip(lines, drawn).enumerated().flatMap { index, item in
            let (line, drawn) = item
            let points = drawn.filter { $0.value != nil }
            return points.filter { points.count <= line.mostPoints || $0.isAlone }.map { point in
                [
                    "line": .text("\(index)"), "name": .text(line.name.onOneLine),
                    "step": DataValue(point.step), "x": .number(steps.place(Double(point.step))),
                    "y": .measured(point.value),
                ]
            }
        }
    }

    // MARK: Errors

    /// Bars from value − error to value + error, where they are longer than the point is high.
    var errorBars: [View] {
        let rows = lines.enumerated().flatMap { index, line -> [Row] in
            line.errors.indices.compactMap { place in
                guard let ends = errorEnds(of: line, at: place) else { return nil }
                return [
                    "line": .text("\(index)"),
                    "x": .number(steps.place(Double(line.series.steps[place]))),
                    "low": .measured(ends.lowerBound), "high": .measured(ends.upperBound),
                ]
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            .unit(
                Mark(type: .rule, clip: true, opacity: 0.4, strokeWidth: 1, tooltip: .removed),
                Encoding(x: x("x"), y: y("low"), y2: Channel(field: "high"), color: color),
                data: rows
            )
        ]
    }

    private func errorEnds(of line: Line, at place: Int) -> ClosedRange<Double>? {
        guard let value = line.series.value(place), let error = line.errors[place], error.isFinite, error > 0
        else { return nil }
        let ends = value - error...value + error
        let length =
            values.pixel(ends.lowerBound, height: height) - values.pixel(ends.upperBound, height: height)
        return length > 6 ? ends : nil
    }

    // MARK: Above the axis

    /// With room for rounding.
    private var upperEdge: Double { values.domain.upperBound + abs(values.domain.upperBound) * 1e-9 }

    private func triangles(_ above: [[StepSeries.LinePoint]]) -> View {
        let rows = above.enumerated().flatMap { index, points in
            points.map { point -> Row in
                [
                    "line": .text("\(index)"), "x": .number(steps.place(Double(point.step))),
                    "step": DataValue(point.step), "value": .measured(point.value),
                ]
            }
        }
        return .unit(
            Mark(type: .point, filled: true, opacity: 1, size: 36),
            Encoding(
                x: x("x"),
                y: Channel(value: 3),
                color: color,
                shape: Channel(value: "triangle-up"),
                tooltip: [
                    Channel(field: "step", type: .quantitative, title: .shown("step"), format: ","),
                    Channel(
                        field: "value",
                        type: .quantitative,
                        title: .shown("above the axis"),
                        format: ".4~g"
                    ),
                ]
            ),
            data: rows
        )
    }

    /// How many values lie above the axis, and the largest of them.
    var clippedNote: String? {
        let above = lines.flatMap { line in
            line.series.steps.indices.compactMap { index in
                line.series.value(index).flatMap {
                    $0 > upperEdge ? (line.series.steps[index], $0) : nil
                }
            }
        }
        guard let most = above.max(by: { $0.1 < $1.1 }) else { return nil }
        let name = header.map { $0 + ": " } ?? ""
        let count = above.count == 1 ? "1 value" : "\(ValueScale.grouped(above.count)) values"
        return "\(name)\(count) above the axis (triangles), up to \(ValueScale.significant(most.1)) at step "
            + ValueScale.grouped(most.0)
    }
}
