// A view of Vega-Lite: one mark with its encoding, several views on top of each other, or several side by
// side. Reference: https://vega.github.io/vega-lite/docs/spec.html

import Foundation

/// A view. Exactly one of `mark`, `layer` and `concat` is set; the factories see to that.
struct View: Encodable, Equatable, Sendable {
    /// Rows written into the specification. Nothing is ever loaded from a URL or a file.
    struct InlineData: Encodable, Equatable, Sendable {
        var values: [Row]
    }

    /// A step between the rows and the mark: keep some rows, or add a field. Expressions name fields and
    /// parameters only; text that comes from outside stands in data, never in an expression.
    struct Transform: Encodable, Equatable, Sendable {
        var filter: String?
        var calculate: String?
        var name: String?

        enum CodingKeys: String, CodingKey {
            case filter, calculate
            case name = "as"
        }
    }

    /// A title with smaller lines below it.
    struct Title: Encodable, Equatable, Sendable {
        var text: [String]
        var subtitle: [String]?
        var anchor: String?
        var frame: String?
        var fontSize: Double?
        var offset: Double?
    }

    /// Which scales and axes the parts of a composed view have in common.
    struct Resolve: Encodable, Equatable, Sendable {
        var scale: [String: String]?
        var axis: [String: String]?
    }

    var title: Title?
    var data: InlineData?
    var transform: [Transform]?
    var width: Double?
    var height: Double?
    var mark: Mark?
    var encoding: Encoding?
    var layer: [View]?
    var concat: [View]?
    var columns: Int?
    var spacing: Double?
    var align: String?
    /// `flush` where parts are laid out by their plots, without axes and what stands beside them.
    var bounds: String?
    var resolve: Resolve?

    /// One mark.
    static func unit(
        _ mark: Mark,
        _ encoding: Encoding,
        data: [Row]? = nil,
        transform: [Transform]? = nil
    ) -> View {
        View(data: data.map(InlineData.init), transform: transform, mark: mark, encoding: encoding)
    }

    /// Views drawn over each other in a plot of the given size in pixels.
    static func layered(
        _ layers: [View],
        data: [Row]? = nil,
        transform: [Transform]? = nil,
        encoding: Encoding? = nil,
        width: Double,
        height: Double
    ) -> View {
        View(
            data: data.map(InlineData.init),
            transform: transform,
            width: width,
            height: height,
            encoding: encoding,
            layer: layers
        )
    }

    /// Views in rows of `columns`.
    static func grid(_ views: [View], columns: Int, spacing: Double) -> View {
        View(concat: views, columns: columns, spacing: spacing)
    }
}
