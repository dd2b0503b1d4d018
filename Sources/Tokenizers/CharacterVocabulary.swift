// One id per character, as nanoGPT's character models have it.

/// A vocabulary of single characters; a character is one Unicode scalar, as in Python.
public struct CharacterVocabulary: Tokenizer {
    /// The characters in the order of their ids.
    public let characters: [Unicode.Scalar]
    private let ids: [Unicode.Scalar: Int]

    /// The number of characters.
    public var vocabularySize: Int { characters.count }
    /// Empty: every id is a character of the text.
    public var specialTokenIDs: Set<Int> { [] }
    /// Nil: a character vocabulary has no such token.
    public var bosTokenID: Int? { nil }
    /// Nil: a character vocabulary has no such token.
    public var eosTokenID: Int? { nil }
    /// Nil: a character vocabulary has no such token.
    public var addsBOSToken: Bool? { nil }

    /// Creates a vocabulary from its characters in the order of their ids.
    ///
    /// - Throws: ``TokenizerError/invalidVocabulary(_:)`` if there are none, or one stands twice.
    public init(characters: [Unicode.Scalar]) throws {
        guard !characters.isEmpty else {
            throw TokenizerError.invalidVocabulary("A vocabulary of characters needs at least one character.")
        }
        var ids: [Unicode.Scalar: Int] = [:]
        for (id, character) in characters.enumerated() {
            if let first = ids.updateValue(id, forKey: character) {
                throw TokenizerError.invalidVocabulary(
                    "The vocabulary of characters has the character '\(character)' twice, "
                        + "as id \(first) and as id \(id); every id needs its own character."
                )
            }
        }
        self.characters = characters
        self.ids = ids
    }

    /// Creates a vocabulary from entries that must be one character each.
    ///
    /// - Throws: ``TokenizerError/invalidVocabulary(_:)`` if one is not.
    public init(entries: [String]) throws {
        try self.init(
            characters: entries.enumerated().map { id, entry in
                guard let scalar = entry.unicodeScalars.first, entry.unicodeScalars.count == 1 else {
                    throw TokenizerError.invalidVocabulary(
                        "Entry \(id) of the vocabulary of characters is '\(entry.prefix(40))'; "
                            + "expected one character."
                    )
                }
                return scalar
            }
        )
    }

    /// Creates the vocabulary of a text: its characters, sorted by code point.
    ///
    /// - Throws: ``TokenizerError/invalidVocabulary(_:)`` if the text is empty.
    public init(of text: String) throws {
        try self.init(characters: Set(text.unicodeScalars).sorted())
    }

    /// The ids of a text; nothing is ever added.
    ///
    /// - Throws: ``TokenizerError/unknownCharacter(_:position:)``.
    public func encode(_ text: String, addingSpecialTokens: Bool) throws -> [Int] {
        var encoded: [Int] = []
        encoded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let id = ids[scalar] else {
                throw TokenizerError.unknownCharacter(scalar, position: encoded.count)
            }
            encoded.append(id)
        }
        return encoded
    }

    /// The characters of some ids.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func decode(_ ids: [Int]) throws -> String {
        var text = String.UnicodeScalarView()
        for id in ids { text.append(try character(id)) }
        return String(text)
    }

    /// The character of an id.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func token(for id: Int) throws -> String { String(try character(id)) }

    /// The id of a character; nil if the text is not one character of the vocabulary.
    public func id(of token: String) -> Int? {
        guard let scalar = token.unicodeScalars.first, token.unicodeScalars.count == 1 else { return nil }
        return ids[scalar]
    }

    private func character(_ id: Int) throws -> Unicode.Scalar {
        guard characters.indices.contains(id) else {
            throw TokenizerError.unknownID(id, vocabularySize: vocabularySize)
        }
        return characters[id]
    }
}
