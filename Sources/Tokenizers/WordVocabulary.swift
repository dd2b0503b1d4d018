// A small vocabulary of words, and the `tokenizer.json` that both this project and Python read it from.

import JSON

/// One id per word; texts are words separated by white space.
///
/// Words are not a tokenizer of their own: they are written as a `tokenizer.json` (model `WordLevel`,
/// pre-tokeniser `WhitespaceSplit`, no decoder, so that words are joined with single spaces), which
/// ``PipelineTokenizer`` and Hugging Face's `tokenizers` read alike.
public struct WordVocabulary: Sendable, Equatable {
    /// All tokens in the order of their ids, the opening token first.
    public let words: [String]
    /// The opening token, a special token with id 0.
    public let bosToken: String

    /// Creates a vocabulary from an opening token, which gets the id 0, and words.
    ///
    /// - Throws: ``TokenizerError/invalidVocabulary(_:)`` if a word is empty, holds white space or the
    ///   opening token, or stands twice.
    public init(words: [String], bosToken: String = "<bos>") throws {
        var seen: Set<String> = []
        for word in [bosToken] + words {
            let hasSpace = word.unicodeScalars.contains { ScalarClasses.shared.isSpace($0.value) }
            guard !word.isEmpty, !hasSpace else {
                throw TokenizerError.invalidVocabulary(
                    "The vocabulary of words holds '\(word)'; a word must not be empty or hold white space."
                )
            }
            guard word == bosToken || !word.contains(bosToken) else {
                throw TokenizerError.invalidVocabulary(
                    "The word '\(word)' holds the opening token '\(bosToken)', so it could never be found."
                )
            }
            guard seen.insert(word).inserted else {
                throw TokenizerError.invalidVocabulary(
                    "The vocabulary of words has the word '\(word)' twice."
                )
            }
        }
        self.words = [bosToken] + words
        self.bosToken = bosToken
    }

    /// The tokenizer of these words.
    ///
    /// - Throws: ``TokenizerFileError`` never, for words that passed the initialiser.
    public func tokenizer() throws -> PipelineTokenizer {
        try PipelineTokenizer(tokenizerJSON: tokenizerJSON, name: "tokenizer.json")
    }

    /// The text of the `tokenizer.json`. The same words give the same bytes.
    public var tokenizerJSON: String {
        let entries = words.enumerated().map { "      \(JSONText.string($1)): \($0)" }.joined(
            separator: ",\n"
        )
        return """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [
                {
                  "id": 0,
                  "content": \(JSONText.string(bosToken)),
                  "single_word": false,
                  "lstrip": false,
                  "rstrip": false,
                  "normalized": false,
                  "special": true
                }
              ],
              "normalizer": null,
              "pre_tokenizer": {
                "type": "WhitespaceSplit"
              },
              "post_processor": null,
              "decoder": null,
              "model": {
                "type": "WordLevel",
                "vocab": {
            \(entries)
                },
                "unk_token": "<unk>"
              }
            }

            """
    }
}
