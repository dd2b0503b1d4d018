// Decoders: how the spellings of tokens become text again.

/// A decoder named in a tokenizer file.
enum TokenDecoder: Sendable, Equatable {
    /// Spellings are bytes in the printable alphabet; the bytes of all tokens together are the text.
    case byteLevel
    /// Spellings are words, joined with single spaces.
    case joinedWithSpaces

    /// Appends the text of one spelling, in bytes.
    func append(_ spelling: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        switch self {
        case .byteLevel:
            ByteAlphabet.shared.append(spelling, to: &output)
        case .joinedWithSpaces:
            output.append(contentsOf: spelling)
        }
    }

    /// What stands between two tokens.
    var separator: UInt8? { self == .joinedWithSpaces ? UInt8(ascii: " ") : nil }

    /// How the vocabulary spells a text that is one token.
    func spelling(of text: String) -> [UInt8] {
        switch self {
        case .byteLevel: ByteAlphabet.shared.spelling(of: text.utf8)
        case .joinedWithSpaces: Array(text.utf8)
        }
    }
}
