// The model of vocabularies of words: one id per word.

/// From a word to its id.
struct WordLevel: Sendable {
    let vocabulary: TokenTable
    /// The id of words outside the vocabulary, if it has a token for them.
    let unknownID: Int32?
    /// Where all words are listed, for messages.
    let source: String

    /// The id of one word.
    ///
    /// - Throws: ``TokenizerError/unknownWord(_:examples:source:)``.
    func id(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) throws -> Int {
        let spelling = UnsafeBufferPointer(rebasing: bytes[word])
        if let id = vocabulary.id(of: spelling) ?? unknownID { return Int(id) }
        let examples = (0..<vocabulary.idEnd).lazy.compactMap { vocabulary.spelling(of: $0) }.prefix(8)
        throw TokenizerError.unknownWord(
            String(decoding: spelling, as: UTF8.self),
            examples: Array(examples),
            source: source
        )
    }
}
