// Any JSON value as a part of Codable ones, and Codable values out of it.

import Foundation

extension JSONValue: Codable {
    /// Takes what is there. Numbers that fit no integer become floating-point ones.
    public init(from decoder: any Decoder) throws {
        if let fields = try? decoder.container(keyedBy: Name.self) {
            var result: [String: JSONValue] = [:]
            for name in fields.allKeys {
                result[name.stringValue] = try fields.decode(JSONValue.self, forKey: name)
            }
            self = .object(result)
        } else if var values = try? decoder.unkeyedContainer() {
            var result: [JSONValue] = []
            while !values.isAtEnd { result.append(try values.decode(JSONValue.self)) }
            self = .array(result)
        } else {
            self = try JSONValue(single: decoder.singleValueContainer())
        }
    }

    private init(single container: any SingleValueDecodingContainer) throws {
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Numbers go out as the narrowest of `Int`, `UInt64` and `Double` that takes them.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let fields):
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in fields { try container.encode(value, forKey: Name(stringValue: name)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .null, .bool, .number, .string:
            var container = encoder.singleValueContainer()
            try encode(to: &container)
        }
    }

    private func encode(to container: inout some SingleValueEncodingContainer) throws {
        switch self {
        case .bool(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .number(let digits):
            if let value = Int(digits) {
                try container.encode(value)
            } else if let value = UInt64(digits) {
                try container.encode(value)
            } else {
                try container.encode(Double(digits))
            }
        case .null, .array, .object: try container.encodeNil()
        }
    }

    /// The value of a type that this one is the encoding of.
    ///
    /// - Throws: `DecodingError`, and what the type's own decoding throws.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line.utf8))
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
