// The points that a series' line is drawn through, however long the series is.
//
// A line that passes a column of pixels many times looks the same drawn through four values of that column: the first,
// the smallest, the largest and the last (M4; Jugel, Jerzak, Hackenbroich and Markl, VLDB 2014). So runs of
// thousands of evaluations give specifications of bounded size, no spike is lost, and a figure that leaves
// values out says so. Series with up to four values a column keep them all.

import Foundation

extension StepSeries {
    /// A point of a drawn line; without a value, a break.
    struct LinePoint: Equatable {
        var step: Int
        var value: Double?
        /// Whether no line leads to the point or away from it.
        var isAlone = false
    }

    /// The line through the series on an axis, and whether values were left out.
    func line(on axis: StepAxis) -> (points: [LinePoint], isReduced: Bool) {
        var points: [LinePoint] = []
        var isReduced = false
        var column: [LinePoint] = []
        var place = -1
        func finishColumn() {
            isReduced = isReduced || column.count > 4
            points += Self.outline(of: column)
            column = []
        }
        for (index, step) in steps.enumerated() {
            guard let value = value(index) else {
                finishColumn()
                // One break stands for a whole gap.
                if points.last.map({ $0.value != nil }) ?? false { points.append(LinePoint(step: step)) }
                continue
            }
            if axis.column(of: step) != place { finishColumn() }
            place = axis.column(of: step)
            column.append(LinePoint(step: step, value: value))
        }
        finishColumn()
        for index in points.indices where points[index].value != nil {
            points[index].isAlone =
                !Self.joined(points, index - 1, index) && !Self.joined(points, index, index + 1)
        }
        return (points, isReduced)
    }

    /// First, smallest, largest and last of a column, in the order of their steps.
    private static func outline(of column: [LinePoint]) -> [LinePoint] {
        guard column.count > 4 else { return column }
        func value(_ index: Int) -> Double { column[index].value ?? 0 }
        let order = column.indices.sorted { (value($0), $0) < (value($1), $1) }
        return Set([0, order[0], order[order.count - 1], column.count - 1]).sorted().map { column[$0] }
    }

    /// Whether a line joins two points. None joins step 0 to the others: its distance from them is not to scale.
    private static func joined(_ points: [LinePoint], _ left: Int, _ right: Int) -> Bool {
        guard points.indices.contains(left), points.indices.contains(right) else { return false }
        return points[left].value != nil && points[right].value != nil && points[left].step > 0
    }
}
