// Typed reading of a pickle's values, with errors that say where.

import JSON

/// A value that knows its path from the root, as `JSONField` does.
struct PickleField {
    let pickle: Pickle
    let index: Int32
    let path: String

    /// Bytes of the longest text, key or value, that is taken out of a pickle.
    static let longestText = 1024

    var node: PickleNode { pickle.nodes[Int(index)] }

    /// A dictionary's values by their string keys, in the order in which they were set; a key that was set twice has
    /// its last value, as in Python. Keys that are no strings are left out.
    func fields() throws(PickleError) -> [(name: String, field: PickleField)] {
        guard case .dictionary(let elements) = node else { throw mismatch(expected: "a dictionary") }
        var places: [ExactString: Int] = [:]
        var fields: [(name: String, field: PickleField)] = []
        for place in stride(from: 0, to: elements.count, by: 2) {
            guard case .string(let range) = pickle.nodes[Int(elements[place])] else { continue }
            guard range.count <= PickleField.longestText else {
                throw mismatch(expected: "keys of at most \(PickleField.longestText) bytes")
            }
            let name = pickle.text(range)
            let field = at(elements[place + 1], step: name)
            if let earlier = places[ExactString(name)] {
                fields[earlier] = (name, field)
            } else {
                places[ExactString(name)] = fields.count
                fields.append((name, field))
            }
        }
        return fields
    }

    /// A dictionary's value of a string key; nil if there is none.
    func member(_ name: String) throws(PickleError) -> PickleField? {
        guard case .dictionary(let elements) = node else { throw mismatch(expected: "a dictionary") }
        for place in stride(from: elements.count - 2, through: 0, by: -2) {
            if case .string(let range) = pickle.nodes[Int(elements[place])],
                pickle.bytes[Int(range.lowerBound)..<Int(range.upperBound)].elementsEqual(name.utf8)
            {
                return at(elements[place + 1], step: name)
            }
        }
        return nil
    }

    /// A dictionary's value of a string key, which must be there.
    func require(_ name: String) throws(PickleError) -> PickleField {
        if let field = try member(name) { return field }
        throw .field(source: pickle.source, path: step(name), expected: "a value", found: "no such key")
    }

    /// A dictionary's keys and values, whatever they are.
    func pairs() throws(PickleError) -> [(key: PickleField, value: PickleField)] {
        guard case .dictionary(let elements) = node else { throw mismatch(expected: "a dictionary") }
        return stride(from: 0, to: elements.count, by: 2).map { place in
            let key = PickleField(pickle: pickle, index: elements[place], path: path)
            return (key, at(elements[place + 1], step: key.shortText))
        }
    }

    /// A whole number of at least `min`.
    func int(min: Int = .min) throws(PickleError) -> Int {
        guard case .int(let int) = node, int >= min else {
            throw mismatch(expected: min == .min ? "a whole number" : "a whole number of at least \(min)")
        }
        return int
    }

    /// A short text: a pickle can name one long text a million times, so that only short ones are worth copying.
    func string() throws(PickleError) -> String {
        guard case .string(let range) = node, range.count <= PickleField.longestText else {
            throw mismatch(expected: "a text of at most \(PickleField.longestText) bytes")
        }
        return pickle.text(range)
    }

    /// JSON text of a plain value; throws for anything else, a list or a dictionary too.
    func jsonText() throws(PickleError) -> String {
        switch node {
        case .none: return "null"
        case .bool(let bool): return bool ? "true" : "false"
        case .int(let int): return String(int)
        case .float(let float) where float.isFinite: return "\(float)"
        case .string: return JSONText.string(try string())
        default: throw mismatch(expected: "a number of ordinary size, a text, true, false or None")
        }
    }

    /// The error that this value is not what was expected.
    func mismatch(expected: String) -> PickleError {
        .field(source: pickle.source, path: path, expected: expected, found: summary)
    }

    /// What the value is: `"x"`, `12`, `a list of 3 values`.
    var summary: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return switch node {
        case .none: "None"
        case .bool(let bool): bool ? "True" : "False"
        case .int(let int): "\(int)"
        case .largeInt: "a whole number beyond 64 bits"
        case .float(let float): "\(float)"
        case .string(let range): Quoted.text(pickle.text(range))
        case .bytes: "bytes"
        case .tuple(let elements): "a tuple of " + counted(elements.count, "value")
        case .list(let elements): "a list of " + counted(elements.count, "value")
        case .dictionary(let elements): "a dictionary of " + counted(elements.count / 2, "field")
        case .global: "the name of a class or function"
        case .object(.rebuildTensor, _), .object(.rebuildParameter, _): "a tensor"
        case .object: "an object"
        case .persistent: "a storage"
        }
    }

    private var shortText: String {
        switch node {
        case .string(let range) where range.count <= PickleField.longestText: pickle.text(range)
        case .string: "a long text"
        default: summary
        }
    }

    private func at(_ index: Int32, step name: String) -> PickleField {
        PickleField(pickle: pickle, index: index, path: step(name))
    }

    /// The path of a key: `.name`, or `["a.b"]` where a dot or a sign would mislead.
    private func step(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { PickleField.plain.contains($0) } && 1...64 ~= name.utf8.count
        guard isPlain else { return path + "[" + Quoted.text(name) + "]" }
        return path.isEmpty ? name : path + "." + name
    }

    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".utf8)
}
