// A complete Vega-Lite specification: what a figure encodes to.
//
// Promises: version 6 of the Vega-Lite grammar; data inline, no URL, no file; the same figure gives the same
// bytes (sorted keys); the JSON may stand inside an HTML <script> element as it is.

public import Foundation

/// A Vega-Lite 6 specification, drawn by ``FigureRenderer`` and shown by Vega in a page.
public struct Spec: Encodable, Equatable, Sendable {
    /// A value with a name that the expressions of the specification may use.
    struct Parameter: Encodable, Equatable, Sendable {
        var name: String
        var value: DataValue
    }

    /// The grammar that specifications are written in.
    public static let schema = "https://vega.github.io/schema/vega-lite/v6.json"

    /// What the figure shows, in one sentence, for readers who cannot see it.
    var description: String
    var params: [Parameter]?
    var view: View

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case config, description, params
    }

    /// Writes the grammar, the house theme, and the view into one object.
    public func encode(to encoder: any Encoder) throws {
        try view.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schema, forKey: .schema)
        try container.encode(description, forKey: .description)
        try container.encodeIfPresent(params, forKey: .params)
        try container.encode(Theme.config, forKey: .config)
    }

    /// The specification as JSON: keys sorted, so that equal figures give equal bytes, and `<` written as
    /// `\u003c`, so that no text in it can end or open an HTML element.
    ///
    /// - Throws: `EncodingError`; not for figures made by this module.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let plain = try encoder.encode(self)
        var safe = Data(capacity: plain.count)
        let lessThan = UInt8(ascii: "<")
        for byte in plain {
            if byte == lessThan { safe.append(contentsOf: Array(#"\u003c"#.utf8)) } else { safe.append(byte) }
        }
        return safe
    }
}

/// A value that is drawn as one picture. It encodes to its Vega-Lite specification.
public protocol Figure: Encodable, Sendable {
    /// The specification of the picture.
    var spec: Spec { get }
}

extension Figure {
    /// Encodes the figure's specification, not its stored properties.
    public func encode(to encoder: any Encoder) throws {
        try spec.encode(to: encoder)
    }
}
