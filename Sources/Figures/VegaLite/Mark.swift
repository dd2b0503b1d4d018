// The marks of Vega-Lite that the figures use, with the properties that they set.
// Reference: https://vega.github.io/vega-lite/docs/mark.html

import Foundation

/// A mark definition; what is nil is left to the theme.
struct Mark: Encodable, Equatable, Sendable {
    enum Kind: String, Encodable, Sendable {
        case area, bar, line, point, rect, rule, text, tick
    }

    var type: Kind
    var align: String?
    var baseline: String?
    /// Whether the mark ends at the edge of its plot.
    var clip: Bool?
    var color: String?
    var dx: Double?
    var fill: String?
    var filled: Bool?
    var fontSize: Double?
    var fontWeight: String?
    var opacity: Double?
    var orient: String?
    var size: Double?
    var stroke: String?
    var strokeDash: [Double]?
    var strokeWidth: Double?
    var thickness: Double?
    var tooltip: Removable<DataValue>?
}

/// A property that Vega-Lite supplies when absent and leaves out only when it is told null.
enum Removable<Value: Encodable & Equatable & Sendable>: Encodable, Equatable, Sendable {
    case removed
    case shown(Value)

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .removed: try container.encodeNil()
        case .shown(let value): try container.encode(value)
        }
    }
}
