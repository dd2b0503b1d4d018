// A text to train on: its tokens, how they were made, and the tokenizer that goes with the model.
import Files
public import Formation
import Foundation
import Runs
import Tokenizers

/// A text in tokens.
public struct TrainingText: Sendable {
    /// The file, its hash and its tokenizer.
    public let source: TrainingConfig.TextSource
    /// Ids of the whole text.
    public let ids: [Int]
    /// Number of ids that there are.
    public let vocabularySize: Int
    private let vocabulary: Vocabulary

    private enum Vocabulary: Sendable {
        case characters(CharacterVocabulary)
        case files(URL)
    }

    private static let mostBytes = 1 << 31

    /// What a text without a tokenizer is cut into.
    static let characters = "characters"

    /// Reads a text of UTF-8.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - tokenizer: a directory with a tokenizer; nil for the text's own characters.
    /// - Throws: `FileError`, `TrainingTextError`, and what is wrong with the tokenizer.
    public init(file: String, tokenizer: String?) throws {
        let data = try FileContents.read(URL(filePath: file), limit: Self.mostBytes)
        guard let text = String(validating: data, as: UTF8.self) else {
            throw TrainingTextError.notUTF8(file)
        }
        source = TrainingConfig.TextSource(
            file: Self.path(of: file),
            sha256: FileDigest(of: data, name: file).sha256,
            tokenizer: tokenizer.map(Self.path) ?? Self.characters
        )
        if let tokenizer {
            let directory = URL(filePath: tokenizer)
            let loaded = try loadTokenizer(directory: directory)
            ids = try loaded.encode(text, addingSpecialTokens: false)
            vocabularySize = loaded.vocabularySize
            vocabulary = .files(directory)
        } else {
            let own = try CharacterVocabulary(of: text)
            ids = try own.encode(text, addingSpecialTokens: false)
            vocabularySize = own.vocabularySize
            vocabulary = .characters(own)
        }
    }

    /// The absolute path: a run may be gone on with from elsewhere.
    static func path(of file: String) -> String { URL(filePath: file).standardizedFileURL.path }

    /// Reads the text of a run again.
    ///
    /// - Throws: as for a new one, and `TrainingTextError.changed`.
    public init(again source: TrainingConfig.TextSource) throws {
        try self.init(
            file: source.file,
            tokenizer: source.tokenizer == Self.characters ? nil : source.tokenizer
        )
        if self.source.sha256 != source.sha256 { throw TrainingTextError.changed(source.file) }
    }

    /// Puts the tokenizer beside a model.
    ///
    /// - Throws: `FileError`.
    func writeTokenizer(to directory: URL) throws {
        switch vocabulary {
        case .characters(let characters):
            try AtomicFile.write(
                Data(characters.tokenizerJSON.utf8),
                to: directory.appending(path: "tokenizer.json")
            )
        case .files(let from):
            for name in tokenizerFileNames {
                let file = from.appending(path: name)
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                try AtomicFile.write(
                    Data(FileContents.read(file, limit: Self.mostBytes)),
                    to: directory.appending(path: name)
                )
            }
        }
    }
}

/// A text that cannot be trained on.
public enum TrainingTextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Bytes that are no text.
    case notUTF8(String)
    /// Another text than the run began with.
    case changed(String)

    /// One sentence: what was found, where, what to do.
    public var description: String {
        switch self {
        case .notUTF8(let path): "\(path) is not UTF-8; convert it, with iconv say."
        case .changed(let path):
            "\(path) is not the text any more that the run began with; put that one back, or start a new run."
        }
    }
}
