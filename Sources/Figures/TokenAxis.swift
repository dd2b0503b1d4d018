// Positions of a prompt as an axis, labelled with their tokens.
//
// Tokens repeat, so positions are the axis and tokens its labels. The labels are a parameter of the
// specification: token text never becomes part of an expression.

import Foundation

/// Token labels for cells of some size along an axis.
struct TokenAxis {
    var tokens: [String]
    /// Pixels from one position to the next.
    var cell: Double
    /// Name of the specification's parameter that holds the labels.
    var parameterName: String

    /// Every `stride`-th position is labelled, so that labels keep their distance.
    var stride: Int { PlotLayout.labelStride(cell: cell, of: [2, 5, 10, 20, 50]) }

    private var fontSize: Double { stride > 1 ? 9 : min(10, max(8, cell - 1)) }

    var parameter: Spec.Parameter { .init(name: parameterName, value: .list(labels.map { .text($0) })) }

    /// Token texts; with their positions where only some are labelled.
    private var labels: [String] {
        let visible = tokens.map { TokenLabel.visible($0) }
        return stride == 1 ? visible : visible.enumerated().map { "\($0.element) \($0.offset)" }
    }

    /// What the reader has to know about the labels.
    var notes: [String] {
        let notes = TokenLabel.notes(on: tokens) + (stride > 1 ? ["one position in \(stride) is named"] : [])
        return notes.isEmpty ? [] : ["In the labels, " + notes.joined(separator: "; ")]
    }

    func axis(angle: Double) -> Axis {
        let labelled = Swift.stride(from: 0, to: tokens.count, by: stride).map { DataValue($0) }
        return Axis(
            labelAngle: angle,
            labelAlign: "right",
            labelBaseline: "middle",
            labelExpr: "\(parameterName)[datum.value]",
            labelFontSize: fontSize,
            labelLimit: 110,
            labelOverlap: .shown(false),
            labelPadding: 3,
            values: stride > 1 ? labelled : nil,
            domain: true,
            ticks: stride > 1
        )
    }
}
