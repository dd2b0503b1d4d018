// The part of Vega-Lite's `config` object that the theme sets.
// Reference: https://vega.github.io/vega-lite/docs/config.html

import Foundation

/// Defaults for every view of a specification.
struct Config: Encodable, Equatable, Sendable {
    struct AxisConfig: Encodable, Equatable, Sendable {
        var domainColor: String
        var gridColor: String
        var labelColor: String
        var labelFontSize: Double
        var tickColor: String
        var tickSize: Double
        var titleColor: String
        var titleFontSize: Double
        var titleFontWeight: String
        var titlePadding: Double
    }

    struct LegendConfig: Encodable, Equatable, Sendable {
        var labelColor: String
        var labelFontSize: Double
        var titleColor: String
        var titleFontSize: Double
        var titleFontWeight: String
        var titleLimit: Double
        var labelLimit: Double
    }

    struct TitleConfig: Encodable, Equatable, Sendable {
        var anchor: String
        var color: String
        var fontSize: Double
        var fontWeight: String
        var frame: String
        var offset: Double
        var subtitleColor: String
        var subtitleFontSize: Double
        var subtitleLineHeight: Double
        var subtitlePadding: Double
    }

    struct ViewConfig: Encodable, Equatable, Sendable {
        var stroke: String
    }

    struct TextConfig: Encodable, Equatable, Sendable {
        var color: String
        var fontSize: Double
    }

    var axis: AxisConfig
    var background: String
    var font: String
    var legend: LegendConfig
    var padding: Double
    var text: TextConfig
    var title: TitleConfig
    var view: ViewConfig
}
