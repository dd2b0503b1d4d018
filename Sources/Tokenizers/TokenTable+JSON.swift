// Reads a vocabulary from JSON straight into a TokenTable, without a string per token.

import JSON

extension TokenTable {
    /// Reads a vocabulary: an object of spellings with their ids.
    ///
    /// - Throws: `JSONError` or ``TokenizerFileError`` naming the first entry that cannot be a token.
    init(_ vocabulary: JSONField) throws {
        self.init(capacity: try vocabulary.fieldCount())
        try vocabulary.forEachField { spelling, field in
            let id = try field.count()
            switch add(spelling, id: id) {
            case nil: break
            case .idOutOfRange:
                throw field.unusable("the id \(id) is not below \(Self.idLimit).")
            case .idTaken:
                throw field.unusable("the id \(id) is that of another token, too.")
            case .spellingTaken:
                throw field.unusable("the token stands twice in the vocabulary.")
            }
        }
    }
}
