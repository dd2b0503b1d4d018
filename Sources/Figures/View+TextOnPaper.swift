// Text that stands over other marks.

import Foundation

extension View {
    /// The rows' texts, field `shown`, with an edge of paper, so that lines behind them stay behind.
    static func textOnPaper(_ mark: Mark, _ encoding: Encoding, data: [Row]) -> [View] {
        var (mark, encoding) = (mark, encoding)
        mark.tooltip = .removed
        encoding.text = Channel(field: "shown", type: .nominal)
        var (edge, edging) = (mark, encoding)
        edge.stroke = Theme.paper
        edge.strokeWidth = 3
        edging.color = Channel(value: .text(Theme.paper))
        return [.unit(edge, edging, data: data), .unit(mark, encoding, data: data)]
    }
}
