// A JSON document as values.
//
// Promises: objects keep the order of their fields and have no name twice; numbers keep their text, so that
// nothing is lost before a reader has said what it expects. Names are compared byte for byte (two spellings
// of one accented letter are two names), as the JSON readers of other languages do.

/// One JSON value.
public enum JSONValue: Equatable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number
    case number(JSONNumber)
    /// A string
    case string(String)
    /// An array
    case array([JSONValue])
    /// An object
    case object(JSONObject)
}

/// A JSON number, kept as it was written.
public struct JSONNumber: Equatable, Sendable {
    /// As in the file: `12`, `1e-5`, or where the reader allows it `NaN`, `Infinity`, `-Infinity`.
    public let text: String

    /// The value, if it is written without a fraction or an exponent and fits.
    public var int: Int? { Int(text) }

    /// The nearest floating-point value; infinite where the number is too large for one.
    public var double: Double {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text) ?? .nan
        }
    }
}

/// The fields of a JSON object, in file order.
public struct JSONObject: Equatable, Sendable {
    /// The names, in file order.
    public private(set) var names: [String] = []
    /// The values, in the order of ``names``.
    public private(set) var values: [JSONValue] = []
    // Most objects are small and searched faster without; built when there are more fields than this.
    private var places: [ExactString: Int] = [:]
    private static let mostSearched = 8

    /// An object without fields.
    public init() {}

    /// How many fields there are.
    public var count: Int { names.count }

    /// The value of a field; nil if there is none of that name.
    public subscript(name: String) -> JSONValue? { place(of: name).map { values[$0] } }

    /// Adds a field at the end; returns false, and adds nothing, if the name is there already.
    mutating func append(_ name: String, _ value: JSONValue) -> Bool {
        guard place(of: name) == nil else { return false }
        names.append(name)
        values.append(value)
        if !places.isEmpty {
            places[ExactString(name)] = count - 1
        } else if count > JSONObject.mostSearched {
            for (place, name) in names.enumerated() { places[ExactString(name)] = place }
        }
        return true
    }

    private func place(of name: String) -> Int? {
        guard places.isEmpty else { return places[ExactString(name)] }
        let wanted = ExactString(name)
        return names.firstIndex { ExactString($0) == wanted }
    }
}

/// A string compared by its bytes, not by what Unicode deems equivalent.
struct ExactString: Hashable, Comparable, Sendable {
    let string: String

    init(_ string: String) { self.string = string }

    static func == (left: ExactString, right: ExactString) -> Bool {
        left.string.utf8.elementsEqual(right.string.utf8)
    }

    static func < (left: ExactString, right: ExactString) -> Bool {
        left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension JSONValue {
    /// What the value is, for a message: `"x"`, `12`, `an array of 3 values`.
    public var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): Quoted.shortened(number.text)
        case .string(let string): Quoted.text(string)
        case .array(let values): "an array of \(values.count) value\(values.count == 1 ? "" : "s")"
        case .object(let object): "an object with \(object.count) field\(object.count == 1 ? "" : "s")"
        }
    }
}

/// Text from a file, made fit for a message: one line, no control characters, not too long.
enum Quoted {
    private static let most = 80

    static func text(_ string: String) -> String {
        var result = "\""
        for scalar in shortened(string).unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control,
                _ where scalar.properties.generalCategory == .format,
                _ where scalar.properties.generalCategory == .lineSeparator,
                _ where scalar.properties.generalCategory == .paragraphSeparator:
                result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func shortened(_ string: String) -> String {
        // Scalars, not characters: one character can have any number of combining marks.
        let scalars = string.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: most, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return string }
        return String(scalars[..<end]) + "…"
    }
}
