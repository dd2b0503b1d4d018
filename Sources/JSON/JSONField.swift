// Typed reading of JSON, with errors that say where.
//
// Promises: whatever a field holds, its reader gets a value of the type and range that it asked for, or an
// error that names the file and the path of the field, what was expected and what was found:
//
//     config.json: rope_scaling.factor: expected a positive number, found "x". Correct the file, …
//
//     let heads = try json.require("n_head").int(min: 1, max: 1024)
//     let base = try json["rope_theta"]?.double(above: 0) ?? 10_000
//
// A field is a place in the document, which it keeps alive: making one costs nothing, and no value is read
// before it is asked for. Names are compared byte for byte, and none is in an object twice.

import Files
public import Foundation

/// A JSON value that knows where it is: in which file, at which path.
public struct JSONField: Sendable {
    let document: JSONDocument
    let index: Int

    init(_ document: JSONDocument, _ index: Int) {
        self.document = document
        self.index = index
    }

    /// The whole document in `bytes`, named `source` in messages; throws ``JSONError``.
    public init(
        parsing bytes: [UInt8],
        source: String,
        limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        self.init(try JSONDocument(bytes, source: source, limits: limits), 0)
    }

    /// The whole document in the file at `url`, which may have at most `size` bytes and, unless `limits` says
    /// otherwise, `NaN` and `Infinity` as Python writes them; throws `FileError` or ``JSONError``.
    public init(reading url: URL, size: Int = 64 << 20, limits: JSONLimits = .python) throws {
        try self.init(parsing: FileContents.read(url, limit: size), source: url.path, limits: limits)
    }

    /// The file, as messages name it.
    public var source: String { document.source }

    /// Where in the document, like `rope_scaling.factor` or `layers[3]`; empty for the whole. Worked out anew
    /// from the whole document: meant for messages.
    public var path: String { document.path(to: index) }

    var node: JSONNode { document[index] }

    /// The text of a number or a string.
    var text: String { document.withTree { $0.text(of: index) } }

    /// What kind of value this is.
    public var kind: Kind {
        switch node.kind {
        case .null: .null
        case .true, .false: .bool
        case .number: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The kinds of JSON values.
    public enum Kind: Sendable {
        /// `null`
        case null
        /// `true` or `false`
        case bool
        /// A number
        case number
        /// A string
        case string
        /// An array
        case array
        /// An object
        case object
    }
}

// For messages
extension JSONField {
    /// What the value is: `"x"`, `12`, `an array of 3 values`.
    public var summary: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return switch node.kind {
        case .null: "null"
        case .true: "true"
        case .false: "false"
        case .number: Quoted.shortened(text)
        case .string, .escapedString: Quoted.text(text)
        case .array: "an array of " + counted(document.withTree { $0.elements(of: index).count }, "value")
        case .object: "an object with " + counted(document.withTree { $0.names(of: index).count }, "field")
        }
    }

    /// The error that this field is not what was expected.
    public func mismatch(expected: String) -> JSONError {
        .field(source: source, path: path, expected: expected, found: summary)
    }
}
