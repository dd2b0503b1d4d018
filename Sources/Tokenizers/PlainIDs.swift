// Ids written as numbers, for models without a tokenizer.

/// A vocabulary without text: every token is its id in decimal.
public struct PlainIDs: Tokenizer {
    /// The highest id plus one.
    public let vocabularySize: Int
    /// Id of the token that opens a text, if given.
    public let bosTokenID: Int?
    /// Id of the token that ends a text, if given.
    public let eosTokenID: Int?
    /// Nil: plain ids come without files that could ask for it.
    public var addsBOSToken: Bool? { nil }

    /// The opening and ending tokens, where given.
    public var specialTokenIDs: Set<Int> { Set([bosTokenID, eosTokenID].compactMap { $0 }) }

    /// Creates the ids from 0 to `vocabularySize` - 1.
    public init(vocabularySize: Int, bosTokenID: Int? = nil, eosTokenID: Int? = nil) {
        precondition(vocabularySize > 0, "a vocabulary needs at least one id")
        for id in [bosTokenID, eosTokenID].compactMap({ $0 }) {
            precondition((0..<vocabularySize).contains(id), "a special token must be in the vocabulary")
        }
        self.vocabularySize = vocabularySize
        self.bosTokenID = bosTokenID
        self.eosTokenID = eosTokenID
    }

    /// Reads decimal numbers separated by white space or commas; nothing is ever added.
    ///
    /// - Throws: ``TokenizerError/notAnID(_:item:)`` or ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func encode(_ text: String, addingSpecialTokens: Bool) throws -> [Int] {
        let items = text.split { $0.isWhitespace || $0 == "," }
        return try items.enumerated().map { index, item in
            guard item.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int(item) else {
                throw TokenizerError.notAnID(String(item), item: index + 1)
            }
            return try checked(id)
        }
    }

    /// The ids in decimal, separated by single spaces.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func decode(_ ids: [Int]) throws -> String {
        try ids.map { String(try checked($0)) }.joined(separator: " ")
    }

    /// The id in decimal.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func token(for id: Int) throws -> String { String(try checked(id)) }

    /// The id that a decimal number names, if it is in the vocabulary.
    public func id(of token: String) -> Int? {
        guard let id = Int(token), String(id) == token, (0..<vocabularySize).contains(id) else { return nil }
        return id
    }

    private func checked(_ id: Int) throws -> Int {
        guard (0..<vocabularySize).contains(id) else {
            throw TokenizerError.unknownID(id, vocabularySize: vocabularySize)
        }
        return id
    }
}
