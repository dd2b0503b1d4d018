// Typed reading of JSON fields, with errors that say where.
//
// Promises: whatever a field holds, its reader gets a value of the type and range that it asked for, or an
// error that names the file and the path of the field, what was expected and what was found:
//
//     config.json: rope_scaling.factor: expected a positive number, found "x"
//
//     let heads = try json.require("n_head").int(min: 1, max: 1024)
//     let base = try json["rope_theta"]?.double(above: 0) ?? 10_000

import Files
public import Foundation

/// A JSON value that knows where it is: in which file, at which path.
public struct JSONField: Sendable {
    /// The value.
    public let value: JSONValue
    /// The file, as messages name it.
    public let source: String
    /// Where in the document, like `rope_scaling.factor` or `layers[3]`; empty for the whole.
    public let path: String

    /// A value at a place.
    public init(_ value: JSONValue, source: String, path: String = "") {
        self.value = value
        self.source = source
        self.path = path
    }

    /// The whole document in `bytes`, named `source` in messages; throws ``JSONError``.
    public init(
        parsing bytes: UnsafeRawBufferPointer,
        source: String,
        limits: JSONScanner.Limits = .init()
    ) throws(JSONError) {
        self.init(try JSONScanner.parse(bytes, source: source, limits: limits), source: source)
    }

    /// The whole document in the file at `url`, which may have `NaN` and `Infinity` as Python writes them,
    /// and at most `size` bytes; throws ``FileError`` or ``JSONError``.
    public init(reading url: URL, size: Int = 64 << 20) throws {
        let data = try FileContents.read(url, limit: size)
        var limits = JSONScanner.Limits()
        limits.acceptsNonFinite = true
        self = try data.withUnsafeBytes { bytes in
            try JSONField(parsing: bytes, source: url.path, limits: limits)
        }
    }

    /// The error that this field is not what was expected.
    public func mismatch(expected: String) -> JSONError {
        .field(source: source, path: path, expected: expected, found: value.summary)
    }
}

// Objects and arrays
extension JSONField {
    /// A field of this object; nil if it is absent or `null`. Throws if this is not an object.
    public subscript(name: String) -> JSONField? {
        get throws(JSONError) {
            guard let value = try object()[name], value != .null else { return nil }
            return JSONField(value, source: source, path: path(to: name))
        }
    }

    /// A field of this object, which must be there and must not be `null`.
    public func require(_ name: String) throws(JSONError) -> JSONField {
        if let field = try self[name] { return field }
        let found = try object()[name] == nil ? "no such field" : "null"
        throw .field(source: source, path: path(to: name), expected: "a value", found: found)
    }

    /// All fields of this object, in file order, `null` ones too.
    public func fields() throws(JSONError) -> [(name: String, field: JSONField)] {
        let object = try object()
        return zip(object.names, object.values).map { name, value in
            (name, JSONField(value, source: source, path: path(to: name)))
        }
    }

    /// The values of this array; if `count` is given there must be that many.
    public func elements(count: Int? = nil) throws(JSONError) -> [JSONField] {
        guard case .array(let values) = value, count == nil || values.count == count else {
            throw mismatch(expected: count.map { "an array of \($0) values" } ?? "an array")
        }
        return values.enumerated().map { place, value in
            JSONField(value, source: source, path: "\(path)[\(place)]")
        }
    }

    private func object() throws(JSONError) -> JSONObject {
        guard case .object(let object) = value else { throw mismatch(expected: "an object") }
        return object
    }

    private func path(to name: String) -> String {
        let plain = !name.isEmpty && name.utf8.allSatisfy { 0x21...0x7e ~= $0 } && name.utf8.count <= 80
        let step = plain ? name : Quoted.text(name)
        return path.isEmpty ? step : "\(path).\(step)"
    }
}

// Single values
extension JSONField {
    /// A whole number from `min` to `max`, written without fraction or exponent.
    public func int(min: Int = .min, max: Int = .max) throws(JSONError) -> Int {
        guard case .number(let number) = value, let int = number.int, min <= int, int <= max else {
            throw mismatch(expected: JSONField.range("a whole number", min, max))
        }
        return int
    }

    /// A finite number from `min` to `max`.
    public func double(
        min: Double = -.infinity,
        max: Double = .infinity
    ) throws(JSONError) -> Double {
        guard let double = finite, min <= double, double <= max else {
            throw mismatch(expected: JSONField.range("a finite number", min, max))
        }
        return double
    }

    /// A finite number greater than `bound`.
    public func double(above bound: Double) throws(JSONError) -> Double {
        guard let double = finite, double > bound else {
            throw mismatch(expected: bound == 0 ? "a positive number" : "a finite number above \(bound)")
        }
        return double
    }

    /// `true` or `false`.
    public func bool() throws(JSONError) -> Bool {
        guard case .bool(let bool) = value else { throw mismatch(expected: "true or false") }
        return bool
    }

    /// A string.
    public func string() throws(JSONError) -> String {
        guard case .string(let string) = value else { throw mismatch(expected: "a string") }
        return string
    }

    /// One of the given strings.
    public func string(oneOf choices: [String]) throws(JSONError) -> String {
        guard case .string(let string) = value, choices.contains(string) else {
            throw mismatch(expected: "one of " + choices.map(Quoted.text).joined(separator: ", "))
        }
        return string
    }

    /// An array of whole numbers from `min` to `max`.
    public func ints(min: Int = .min, max: Int = .max) throws(JSONError) -> [Int] {
        try elements().map { (element) throws(JSONError) in try element.int(min: min, max: max) }
    }

    /// An array of strings.
    public func strings() throws(JSONError) -> [String] {
        try elements().map { (element) throws(JSONError) in try element.string() }
    }

    private var finite: Double? {
        guard case .number(let number) = value, number.double.isFinite else { return nil }
        return number.double
    }

    private static func range(_ kind: String, _ min: Int, _ max: Int) -> String {
        switch (min, max) {
        case (.min, .max): kind
        case (_, .max): "\(kind) of at least \(min)"
        case (.min, _): "\(kind) of at most \(max)"
        default: "\(kind) from \(min) to \(max)"
        }
    }

    private static func range(_ kind: String, _ min: Double, _ max: Double) -> String {
        switch (min.isFinite, max.isFinite) {
        case (false, false): kind
        case (true, false): "\(kind) of at least \(min)"
        case (false, true): "\(kind) of at most \(max)"
        default: "\(kind) from \(min) to \(max)"
        }
    }
}
