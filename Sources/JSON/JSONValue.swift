// A JSON value on its own: built in memory or taken out of a document, written the same way every time.
//
// Promises: `text` depends on the value alone: names sorted by their UTF-8 bytes, two spaces a level, a newline at the
// end. A number keeps the digits that it was written with.

import Foundation

/// Any JSON value.
public enum JSONValue: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number, as it is spelled in JSON
    case number(String)
    /// A string
    case string(String)
    /// An array
    case array([JSONValue])
    /// An object
    case object([String: JSONValue])

    /// A whole number.
    public static func int(_ value: some BinaryInteger) -> JSONValue { .number("\(value)") }

    /// A number in its shortest spelling; null where it is not finite, which JSON has no word for.
    public static func double(_ value: Double) -> JSONValue { value.isFinite ? .number("\(value)") : .null }

    /// What `value` encodes to, by `JSONEncoder`.
    ///
    /// - Throws: `EncodingError`.
    public init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let bytes = try encoder.encode(value)
        self.init(try JSONField(parsing: Array(bytes), source: "\(type(of: value))"))
    }

    /// A copy of a field's value.
    public init(_ field: JSONField) {
        switch field.node.kind {
        case .null: self = .null
        case .true: self = .bool(true)
        case .false: self = .bool(false)
        case .number: self = .number(field.text)
        case .string, .escapedString: self = .string(field.text)
        case .array, .object: self = JSONValue(container: field)
        }
    }

    private init(container field: JSONField) {
        if let fields = try? field.fields() {
            let pairs = fields.map { ($0.name, JSONValue($0.field)) }
            // Names that differ in bytes may still be the same string to Swift.
            self = .object(Dictionary(pairs, uniquingKeysWith: { _, last in last }))
        } else {
            self = .array(((try? field.elements()) ?? []).map { JSONValue($0) })
        }
    }

    /// The value of a name, if this is an object that has it.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[name]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; the last value of a name counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}

// Text
extension JSONValue {
    /// The canonical text.
    public var text: String {
        var text = ""
        write(to: &text, indent: "\n")
        return text + "\n"
    }

    /// The canonical text on one line, without a newline.
    public var line: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// - Parameter indent: what begins a line of this value's level; nil writes all on one line.
    private func write(to text: inout String, indent: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): text += JSONText.string(value)
        case .array(let values):
            JSONValue.write(values, between: ("[", "]"), to: &text, indent: indent) { value, text, indent in
                value.write(to: &text, indent: indent)
            }
        case .object(let fields):
            let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            JSONValue.write(sorted, between: ("{", "}"), to: &text, indent: indent) { field, text, indent in
                text += JSONText.string(field.key) + ": "
                field.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item],
        between ends: (String, String),
        to text: inout String,
        indent: String?,
        _ body: (Item, inout String, String?) -> Void
    ) {
        let inner = indent.map { $0 + "  " }
        text += ends.0
        for (index, item) in items.enumerated() {
            if index > 0 { text += inner == nil ? ", " : "," }
            text += inner ?? ""
            body(item, &text, inner)
        }
        text += (items.isEmpty ? "" : indent ?? "") + ends.1
    }
}
