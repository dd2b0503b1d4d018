// The list of models as JSON: what `induct models --json` prints.
public import Foundation

extension ModelSummary {
    /// One object on one line, its line ended.
    public static func json(_ models: [ModelSummary]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(["models": models]) + Data("\n".utf8)
    }
}
