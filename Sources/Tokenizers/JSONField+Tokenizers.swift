// What the readers of tokenizer files share: limits, fields that must be known, and errors about a field that
// is good JSON and yet cannot be used.

import Foundation
import JSON

extension JSONLimits {
    /// What a tokenizer file may have.
    static var tokenizer: JSONLimits {
        var limits = JSONLimits()
        limits.values = 4_000_000
        return limits
    }
}

/// The files of a tokenizer.
enum TokenizerFiles {
    /// Larger ones are refused: the largest in use have 33 MB.
    static let sizeLimit = 48 << 20

    /// The JSON file at a place.
    static func json(_ url: URL, limits: JSONLimits = .tokenizer) throws -> JSONField {
        try JSONField(reading: url, size: sizeLimit, limits: limits)
    }
}

extension JSONField {
    /// The error that this field asks for something that cannot be done here.
    func unusable(_ problem: String) -> TokenizerFileError {
        TokenizerFileError(file: source, field: path.isEmpty ? nil : path, problem: problem)
    }

    /// Checks that this object has no other fields.
    ///
    /// - Throws: ``TokenizerFileError`` naming the first field that is not in `known`; `JSONError` if this is
    ///   not an object.
    func requireOnly(_ known: [String]) throws {
        for (name, field) in try fields() where !known.contains(name) {
            throw field.unusable(
                "this field is not known here, so what it asks for cannot be done. Known fields: "
                    + known.joined(separator: ", ") + "."
            )
        }
    }

    /// A field that is false where it is absent.
    func flag(_ name: String) throws -> Bool { try self[name]?.bool() ?? false }
}
