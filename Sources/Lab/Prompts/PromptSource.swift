// Where prompts come from: a generator, a text file, a list of strings, a list of token ids.
import Checkpoints
import Files
public import Foundation
public import Induction
import JSON
import Tokenizers
public import Transformers

/// The source of an experiment's prompts.
public enum PromptSource: Equatable, Sendable {
    /// Made by a recipe.
    case recipe(PromptRecipe)
    /// Made by several recipes, one after the other.
    case mix([PromptRecipe])
    /// A UTF-8 text file, one prompt a line; empty lines are left out.
    case lines(URL)
    /// Texts, each a prompt.
    case texts([String])
    /// A JSON file: a list of strings.
    case strings(URL)
    /// A JSON file: a list of lists of token ids, taken as they are.
    case tokens(URL)

    /// The file that prompts are read from, if they are.
    public var file: URL? {
        switch self {
        case .recipe, .mix, .texts: nil
        case .lines(let url), .strings(let url), .tokens(let url): url
        }
    }

    /// Whether a tokenizer makes ids of them.
    var isText: Bool {
        switch self {
        case .lines, .texts, .strings: true
        case .recipe, .mix, .tokens: false
        }
    }

    /// What figures and tables say about the prompts.
    public var description: String {
        switch self {
        case .recipe(let recipe): "\(recipe.kind.rawValue) prompts"
        case .mix(let recipes): recipes.map(\.kind.rawValue).joined(separator: " and ") + " prompts"
        case .texts: "typed prompts"
        case .lines(let url), .strings(let url), .tokens(let url): "prompts of \(url.lastPathComponent)"
        }
    }

    /// The prompts as a model sees them.
    ///
    /// - Parameter prependsBOS: whether BOS stands before generated prompts and texts; nil takes the family's habit.
    /// - Throws: `PromptFileError`, `FileError`, `JSONError`, `PromptError`, `TokensError`, `TokenizerError`.
    public func tokens(for model: OpenedModel, prependsBOS: Bool? = nil) throws -> Tokens {
        let vocabulary = model.promptVocabulary(prependsBOS: prependsBOS)
        func encode(_ texts: [String]) throws -> [[Int]] {
            try texts.map { try [vocabulary.bosTokenID].compactMap(\.self) + model.tokenizer.encode($0) }
        }
        switch self {
        case .recipe(let recipe):
            return try Tokens(recipe.prompts(for: vocabulary))
        case .mix(let recipes):
            return try Tokens(recipes.flatMap { try $0.prompts(for: vocabulary) })
        case .lines(let url):
            return try Tokens(encode(Self.lines(of: url)))
        case .texts(let texts):
            return try Tokens(encode(texts))
        case .strings(let url):
            let texts = try JSONField(reading: url).strings()
            guard !texts.isEmpty else { throw PromptFileError.noPrompts(url.path) }
            return try Tokens(encode(texts))
        case .tokens(let url):
            let rows = try JSONField(reading: url).elements().map { try $0.ints(min: 0) }
            guard !rows.isEmpty else { throw PromptFileError.noPrompts(url.path) }
            return try Tokens(rows)
        }
    }

    /// Lines of a text file that are not empty.
    static func lines(of url: URL) throws -> [String] {
        let lines = try text(of: url).split(whereSeparator: \.isNewline).map(String.init)
        guard !lines.isEmpty else { throw PromptFileError.noPrompts(url.path) }
        return lines
    }

    /// A text file.
    static func text(of url: URL) throws -> String {
        let bytes = try FileContents.read(url, limit: 64 << 20)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PromptFileError.notUTF8(url.path)
        }
        return text
    }
}

/// What can be wrong with a file of prompts.
public enum PromptFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An empty file or list.
    case noPrompts(String)
    /// Bytes that are not text.
    case notUTF8(String)

    /// One paragraph: what was found, what was expected.
    public var description: String {
        switch self {
        case .noPrompts(let path): "\(path) holds no prompts; give at least one."
        case .notUTF8(let path): "\(path) is not UTF-8 text; convert it, or give token ids with --tokens."
        }
    }
}
