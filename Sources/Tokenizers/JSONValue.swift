// Typed access to a JSONDocument. Every refusal names the file and the field.

/// A value in a JSON file, with the path that leads to it.
struct JSONValue {
    let document: JSONDocument
    let index: Int
    /// Such as `model.merges[3]`; empty for the outermost value.
    let path: String

    private var node: JSONDocument.Node { document.nodes[index] }

    /// Whether the value is `null`.
    var isNull: Bool { node.kind == .null }

    /// An error about this field.
    func error(_ problem: String) -> TokenizerFileError {
        TokenizerFileError(file: document.file, field: path.isEmpty ? nil : path, problem: problem)
    }

    /// An error about a value of the wrong type.
    func mismatch(_ expected: String) -> TokenizerFileError {
        error("found \(summary), expected \(expected).")
    }

    /// What the value is, for messages.
    private var summary: String {
        switch node.kind {
        case .null: "null"
        case .true: "true"
        case .false: "false"
        case .number: "the number \(text)"
        case .string, .escapedString: "the string '\(text.prefix(40))'"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The text of a number or string.
    private var text: String {
        if node.kind == .number {
            return String(decoding: document.bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
        }
        var text: [UInt8] = []
        document.appendText(of: index, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The value as a string.
    func string() throws -> String {
        guard node.kind == .string || node.kind == .escapedString else { throw mismatch("a string") }
        return text
    }

    /// The value as true or false.
    func bool() throws -> Bool {
        guard node.kind == .true || node.kind == .false else { throw mismatch("true or false") }
        return node.kind == .true
    }

    /// The value as a whole number of at least 0.
    func count() throws -> Int {
        guard node.kind == .number, let value = Int(text), value >= 0 else {
            throw mismatch("a whole number of at least 0")
        }
        return value
    }

    /// The items of a list.
    func elements() throws -> [JSONValue] {
        guard node.kind == .array else { throw mismatch("a list") }
        var elements: [JSONValue] = []
        var child = index + 1
        while child < Int(node.end) {
            try checkCount(elements.count)
            elements.append(
                JSONValue(document: document, index: child, path: "\(path)[\(elements.count)]")
            )
            child = document.indexAfter(child)
        }
        return elements
    }

    private func checkCount(_ count: Int) throws {
        guard count < JSONDocument.entryLimit else {
            throw error(
                "there are more than \(JSONDocument.entryLimit) entries. Check that it is a tokenizer."
            )
        }
    }

    /// The fields of an object whose keys must all be known.
    ///
    /// - Throws: ``TokenizerFileError`` if a key is not in `known` (nil: any key will do) or stands twice.
    func fields(known: [String]?) throws -> JSONFields {
        guard node.kind == .object else { throw mismatch("an object") }
        var values: [String: JSONValue] = [:]
        var child = index + 1
        while child < Int(node.end) {
            try checkCount(values.count)
            let key = JSONValue(document: document, index: child, path: path).text
            let place = path.isEmpty ? key : "\(path).\(key)"
            let value = JSONValue(document: document, index: child + 1, path: place)
            if let known, !known.contains(key) {
                throw value.error(
                    "this field is not known here, so what it asks for cannot be done. Known fields: "
                        + known.joined(separator: ", ") + "."
                )
            }
            guard values.updateValue(value, forKey: key) == nil else {
                throw value.error("the field stands twice; keep one.")
            }
            child = document.indexAfter(child + 1)
        }
        return JSONFields(object: self, values: values)
    }
}

/// The fields of an object by name.
struct JSONFields {
    let object: JSONValue
    let values: [String: JSONValue]

    /// A field; nil if it is absent or null.
    subscript(_ name: String) -> JSONValue? {
        guard let value = values[name], !value.isNull else { return nil }
        return value
    }

    /// A field that must be there.
    ///
    /// - Throws: ``TokenizerFileError`` if it is absent or null.
    func required(_ name: String) throws -> JSONValue {
        guard let value = self[name] else {
            throw object.error("the field '\(name)' is missing. The file may be cut off; get it again.")
        }
        return value
    }

    /// A field that is false where it is absent.
    func flag(_ name: String) throws -> Bool { try self[name]?.bool() ?? false }
}
