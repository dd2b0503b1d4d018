// The JSON body of a request, field by field: what is missing, of a wrong type or unknown is an error that names it.
import Foundation
import Hummingbird
import JSON
import NIOCore

/// A body that is an object.
struct RequestFields: Sendable {
    /// Bytes of a body, at most.
    static let limit = 64 << 10

    /// The object.
    let body: JSONField

    /// Reads a body whose fields have these names.
    ///
    /// - Throws: `APIError`, `NIOTooManyBytesError`.
    init(of request: Request, names: Set<String>) async throws {
        try await self.init(Self.bytes(of: request), names: names)
    }

    private static func bytes(of request: Request) async throws -> [UInt8] {
        do {
            return try await Array(request.body.collect(upTo: limit).readableBytesView)
        } catch let error as NIOTooManyBytesError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The connection ended, or what came is no HTTP.
            throw APIError.badRequest("the body is not what the request's headers say: \(error).")
        }
    }

    /// Reads an object whose fields have these names.
    ///
    /// - Throws: `APIError`.
    init(_ bytes: [UInt8], names: Set<String>) throws {
        body = try Self.reading { try JSONField(parsing: bytes, source: "the request") }
        let found = try Self.reading { try body.fields() }
        if let unknown = found.first(where: { !names.contains($0.name) }) {
            throw APIError.badRequest(
                "the request has a field '\(unknown.name.prefix(80))'; known are: \(names.sorted().joined(separator: ", "))."
            )
        }
    }

    /// A text.
    func text(_ name: String) throws -> String {
        try Self.reading { try body.require(name).string() }
    }

    /// A field that may be missing or null.
    func optional<Value>(_ name: String, _ read: (JSONField) throws -> Value) throws -> Value? {
        try Self.reading {
            guard let field = try body.member(name) else { return nil }
            if case .null = JSONValue(field) { return nil }
            return try read(field)
        }
    }

    /// A whole number in a range; `standard` where it is missing.
    func int(_ name: String, in range: ClosedRange<Int>, else standard: Int) throws -> Int {
        try optional(name) { try $0.int(min: range.lowerBound, max: range.upperBound) } ?? standard
    }

    /// Does `body`; what is wrong with the JSON becomes an `APIError`.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as JSONError {
            switch error {
            case .syntax(_, let line, let column, _, let problem):
                throw APIError.badRequest("the body is not JSON: line \(line), column \(column): \(problem).")
            case .field(_, let path, let expected, let found):
                let place = path.isEmpty ? "the body" : path
                throw APIError.badRequest("\(place): expected \(expected), found \(found).")
            }
        }
    }
}
