// What comes after a prompt, as a user names it: ids, or words that are one token each.
import Files
public import Foundation
public import Induction
import JSON
import Tokenizers

/// Answers or foils, one a prompt.
public enum Completions: Equatable, Sendable {
    /// Named one by one; a single one is that of every prompt. Words where prompts are text, ids where they are ids.
    case listed([String])
    /// A file: `.json`, a list in which numbers are ids and strings are words; any other is text with one a line, read like
    /// `listed`.
    case file(URL)

    /// The ids.
    ///
    /// - Parameters:
    ///   - part: what they are, for messages.
    ///   - promptCount: of the prompts.
    ///   - isText: whether the prompts are text.
    /// - Throws: `CompletionError`, `FileError`, `JSONError`, `PromptFileError`.
    func ids(
        as part: CausalPromptsError.Part,
        for model: OpenedModel,
        promptCount: Int,
        isText: Bool
    ) throws -> [Int] {
        let vocabulary = model.promptVocabulary()
        func id(ofWord word: String, _ prompt: Int) throws -> Int {
            if let id = vocabulary.id(word) { return id }
            let count = (try? model.tokenizer.encode(word))?.count
            throw CompletionError.notOneToken(part, prompt: prompt, word: word, tokens: count)
        }
        func id(of text: String, _ prompt: Int) throws -> Int {
            if isText { return try id(ofWord: text, prompt) }
            guard let id = Int(text), id >= 0 else {
                throw CompletionError.noID(part, prompt: prompt, text: text)
            }
            return id
        }
        switch self {
        case .listed(let texts):
            let all = texts.count == 1 ? Array(repeating: texts[0], count: promptCount) : texts
            return try all.enumerated().map { try id(of: $1, $0) }
        case .file(let url) where url.pathExtension == "json":
            return try JSONField(reading: url).elements().enumerated().map { prompt, field in
                if case .string(let word) = JSONValue(field) { return try id(ofWord: word, prompt) }
                return try field.int(min: 0)
            }
        case .file(let url):
            return try PromptSource.lines(of: url).enumerated().map {
                try id(of: $1.trimmingCharacters(in: .whitespaces), $0)
            }
        }
    }

    /// The file, if it is one.
    var url: URL? {
        if case .file(let url) = self { url } else { nil }
    }
}

/// `{"listed": [...]}` or `{"path": "..."}`.
extension Completions: Codable {
    private enum Key: String, CodingKey {
        case listed, path
    }

    /// Writes the list or the place of the file.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .listed(let texts): try container.encode(texts, forKey: .listed)
        case .file(let url): try container.encode(url.path, forKey: .path)
        }
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let texts = try container.decodeIfPresent([String].self, forKey: .listed) {
            self = .listed(texts)
        } else {
            self = .file(URL(filePath: try container.decode(String.self, forKey: .path)))
        }
    }
}

/// What can be wrong with an answer or a foil. Prompts are counted from 0.
public enum CompletionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A word that the vocabulary does not have as one token; `tokens` is how many it is, where it can be said.
    case notOneToken(CausalPromptsError.Part, prompt: Int, word: String, tokens: Int?)
    /// A word where ids are expected.
    case noID(CausalPromptsError.Part, prompt: Int, text: String)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .notOneToken(let part, let prompt, let word, let tokens):
            """
            \(part.rawValue), prompt \(prompt): '\(word)' is not one token of this model's vocabulary\
            \(tokens.map { ", but \($0)" } ?? ""); give a word that is one token, or its id in a .json file.
            """
        case .noID(let part, let prompt, let text):
            """
            \(part.rawValue), prompt \(prompt): '\(text)' is no token id; the prompts are token ids, so give ids, or words in \
            a .json file.
            """
        }
    }
}
