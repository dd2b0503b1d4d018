// Encoding channels: which field of a row drives which property of a mark, through which scale, with which
// axis or legend.
// Reference: https://vega.github.io/vega-lite/docs/encoding.html, scale.html, axis.html, legend.html

import Foundation

/// Channel name to definition, for the channels in use.
struct Encoding: Encodable, Equatable, Sendable {
    var x: Channel?
    var x2: Channel?
    var y: Channel?
    var y2: Channel?
    var color: Channel?
    var fill: Channel?
    var stroke: Channel?
    var strokeDash: Channel?
    var shape: Channel?
    var detail: Channel?
    var text: Channel?
    var tooltip: [Channel]?
}

/// One channel: a field, a constant in data units (`datum`) or a constant in visual units (`value`).
struct Channel: Encodable, Equatable, Sendable {
    enum Measure: String, Encodable, Sendable {
        case quantitative, ordinal, nominal
    }

    /// A value taken instead of the channel's own where a Vega expression over the row holds.
    struct Condition: Encodable, Equatable, Sendable {
        var test: String
        var value: DataValue
    }

    var field: String?
    var datum: DataValue?
    var value: DataValue?
    var type: Measure?
    var title: Removable<String>?
    var axis: Removable<Axis>?
    var scale: Scale?
    var legend: Removable<Legend>?
    var sort: Removable<DataValue>?
    var format: String?
    var bandPosition: Double?
    var condition: Condition?
}

/// How data values become positions or colours.
struct Scale: Encodable, Equatable, Sendable {
    var type: String?
    var domain: [DataValue]?
    var range: [DataValue]?
    var interpolate: String?
    var clamp: Bool?
    /// Where a `symlog` scale turns from linear to logarithmic.
    var constant: Double?
    var nice: Bool?
    var zero: Bool?
    var paddingInner: Double?
    var paddingOuter: Double?
}

/// A position axis.
struct Axis: Encodable, Equatable, Sendable {
    var orient: String?
    /// Several lines, where a channel's own title is one.
    var title: Removable<DataValue>?
    var labels: Bool?
    var labelAngle: Double?
    var labelAlign: String?
    var labelBaseline: String?
    var labelExpr: String?
    var labelFlush: Bool?
    var labelFontSize: Double?
    var labelLimit: Double?
    var labelOverlap: Removable<DataValue>?
    var labelPadding: Double?
    var values: [DataValue]?
    var format: String?
    var grid: Bool?
    var domain: Bool?
    var ticks: Bool?
    var tickCount: Int?
    var tickMinStep: Double?
    var titlePadding: Double?
}

/// A colour or symbol legend.
struct Legend: Encodable, Equatable, Sendable {
    var orient: String?
    var title: Removable<DataValue>?
    var labelExpr: String?
    var gradientLength: Double?
    var format: String?
    var values: [DataValue]?
    var tickCount: Int?
    var symbolType: String?
    var symbolSize: Double?
    var symbolFillColor: String?
    var symbolStrokeColor: String?
    var symbolStrokeWidth: Double?
    var labelLimit: Double?
}
