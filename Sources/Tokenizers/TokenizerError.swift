// Everything that can go wrong with a tokenizer, in two kinds: a file that cannot be used, and a text or
// id that the vocabulary does not know.

/// A file of a tokenizer that asks for something unknown here or contradicts itself. Files that cannot be read
/// are a `FileError`, files that are not the JSON that was expected a `JSONError`.
public struct TokenizerFileError: Error, CustomStringConvertible, Equatable, Sendable {
    /// Path of the file or directory.
    public let file: String
    /// The field inside the file, such as `model.merges[12]`; nil if the file as a whole is meant.
    public let field: String?
    /// What was found, what was expected, and what to do: one or more sentences.
    public let problem: String

    /// Creates an error about a file, or about a field in it.
    public init(file: String, field: String? = nil, problem: String) {
        self.file = file
        self.field = field
        self.problem = problem
    }

    /// One paragraph: the file, the field and the problem.
    public var description: String {
        guard let field else { return "\(file): \(problem)" }
        return "\(file): field '\(field)': \(problem)"
    }
}

/// A text or an id that a vocabulary has no token for.
public enum TokenizerError: Error, Equatable, Sendable {
    /// No token has this id.
    case unknownID(Int, vocabularySize: Int)
    /// The character at a position (counted in Unicode scalars from 0) is not in the vocabulary.
    case unknownCharacter(Unicode.Scalar, position: Int)
    /// The byte has no token in a byte-level vocabulary; `word` is the piece of text that holds it.
    case byteWithoutToken(UInt8, word: String)
    /// The character has no token in a vocabulary of characters and their merges; `word` is the piece of
    /// text that holds it.
    case characterWithoutToken(Unicode.Scalar, word: String)
    /// The word is not in a vocabulary of words; `examples` are a few that are, `source` says where all
    /// of them are listed.
    case unknownWord(String, examples: [String], source: String)
    /// A text of plain ids holds something that is not a number; `item` counts from 1.
    case notAnID(String, item: Int)
    /// A list of characters or words cannot be a vocabulary.
    case invalidVocabulary(String)
}

extension TokenizerError: CustomStringConvertible {
    /// One paragraph: what was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .unknownID(let id, let size):
            "Token id \(id) is not in the vocabulary, whose ids are 0 to \(size - 1). "
                + "Check that the ids were made with this model's tokenizer."
        case .unknownCharacter(let scalar, let position):
            "The character \(Self.name(of: scalar)) at position \(position) (counted from 0) is not in the "
                + "vocabulary of characters. Remove it, or use a model that was trained with it."
        case .byteWithoutToken(let byte, let word):
            "The byte \(Self.hex(byte)) in '\(Self.shortened(word))' has no token: this byte-level vocabulary "
                + "does not cover every byte. Remove the character, or use a tokenizer with all 256 bytes."
        case .characterWithoutToken(let scalar, let word):
            "The character \(Self.name(of: scalar)) in '\(Self.shortened(word))' has no token, and the vocabulary "
                + "has none for what it does not know. Remove the character, or use a tokenizer that knows it."
        case .unknownWord(let word, let examples, let source):
            "The word '\(Self.shortened(word))' is not in the vocabulary of words, which knows "
                + examples.map { "'\($0)'" }.joined(separator: ", ")
                + " and others. All of them are listed in \(source); separate words by white space."
        case .notAnID(let text, let item):
            "Item \(item) of the ids is '\(Self.shortened(text))', which is not a token id. "
                + "Write ids as decimal numbers separated by white space or commas."
        case .invalidVocabulary(let problem):
            problem
        }
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let isPrintable = scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value)
        return isPrintable ? "'\(scalar)' (\(code))" : code
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count < 2 ? "0" : "") + digits
    }

    private static func shortened(_ text: String) -> String {
        text.count <= 40 ? text : text.prefix(40) + "…"
    }
}
