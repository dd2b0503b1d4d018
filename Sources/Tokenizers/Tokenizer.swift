// What every tokenizer here promises: text to ids, ids to text, and the names of single tokens.

/// Turns text into token ids and back.
///
/// Ids run from 0 to ``vocabularySize`` - 1 and are the row numbers of the model's embedding. All
/// tokenizers are values without state: one may be used from many threads at once.
public protocol Tokenizer: Sendable {
    /// The highest id plus one: how many rows an embedding needs.
    var vocabularySize: Int { get }

    /// Ids of tokens with a meaning outside the text, such as the one that opens a document.
    var specialTokenIDs: Set<Int> { get }

    /// Id of the token that opens a text, if there is one.
    var bosTokenID: Int? { get }

    /// Id of the token that ends a text, if there is one.
    var eosTokenID: Int? { get }

    /// Whether the files of the model ask for the opening token before every text (`add_bos_token`, else the
    /// template of `tokenizer.json`); nil where they say nothing.
    var addsBOSToken: Bool? { get }

    /// The ids of a text, all of it and nothing else: texts are neither cut to a length nor padded to one,
    /// whatever the files of the model say about batches (`truncation`, `padding`).
    ///
    /// - Parameters:
    ///   - text: Any text; special tokens written in it become their ids.
    ///   - addingSpecialTokens: Also adds what the tokenizer's template puts around a text.
    /// - Throws: ``TokenizerError`` if the vocabulary has no token for a part of the text.
    func encode(_ text: String, addingSpecialTokens: Bool) throws -> [Int]

    /// The text of ids, special tokens included. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    func decode(_ ids: [Int]) throws -> String

    /// The text of one token, spaces kept; bytes that are not UTF-8 on their own are written `\xE2`. What a
    /// vocabulary writes as a mark (`▁the`) or as the number of a byte (`<0x0A>`) is given as the text it is.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    func token(for id: Int) throws -> String

    /// The id of the token whose text is exactly this, if the vocabulary has one.
    func id(of token: String) -> Int?
}

extension Tokenizer {
    /// The ids of a text, with nothing added before or after.
    ///
    /// - Throws: ``TokenizerError`` if the vocabulary has no token for a part of the text.
    public func encode(_ text: String) throws -> [Int] {
        try encode(text, addingSpecialTokens: false)
    }

    /// The text of one token on one printable line: ``token(for:)`` with control characters and line
    /// separators escaped (`\n`, `\t`, `\u{2028}`).
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func label(for id: Int) throws -> String {
        var label = ""
        for scalar in try token(for: id).unicodeScalars {
            switch scalar {
            case "\n": label += "\\n"
            case "\r": label += "\\r"
            case "\t": label += "\\t"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                label += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: label.unicodeScalars.append(scalar)
            }
        }
        return label
    }
}
