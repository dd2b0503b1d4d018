// A model with its tokenizer: what every experiment works on.
import Checkpoints
public import Foundation
public import Induction
public import Tokenizers
public import Torch
public import Transformers

/// A model in memory, with its name and tokenizer.
public struct LoadedModel {
    /// What the user called it.
    public let name: String
    /// Where it was read from.
    public let directory: URL
    /// The decoder.
    public let transformer: Transformer
    /// Its tokenizer; plain ids where the directory has none.
    public let tokenizer: any Tokenizer

    /// Loads a model by name.
    ///
    /// - Parameters:
    ///   - name: a bundled model or a directory.
    ///   - dtype: of weights and activations.
    ///   - device: where it runs; nil takes the best there is.
    /// - Throws: `ModelError`, and what is wrong with its files.
    public init(_ name: String, dtype: DType = .float32, device: Device? = nil) throws {
        let device = device ?? .best
        guard device.isAvailable else { throw ModelError.noDevice("\(device)") }
        directory = try ModelCatalog.directory(of: name)
        self.name =
            ModelCatalog.bundled.contains(name) ? name : directory.standardizedFileURL.lastPathComponent
        let files = try ModelDirectory(directory)
        transformer = try Transformer(files, dtype: dtype, device: device)
        let config = transformer.config
        guard hasTokenizer(directory) else {
            tokenizer = PlainIDs(vocabularySize: config.vocabularySize, bosTokenID: config.bosTokenID)
            return
        }
        tokenizer = try loadTokenizer(directory: directory)
        guard tokenizer.vocabularySize <= config.vocabularySize else {
            throw ModelError.vocabularyMismatch(
                directory: directory.path,
                tokenizer: tokenizer.vocabularySize,
                model: config.vocabularySize
            )
        }
    }

    /// The token that begins a prompt, if there is one.
    public var bosTokenID: Int? { tokenizer.bosTokenID ?? transformer.config.bosTokenID }

    /// Ids that are never part of a copy.
    public var specialTokenIDs: Set<Int> { tokenizer.specialTokenIDs.union([bosTokenID].compactMap(\.self)) }

    /// What prompt generators may draw from.
    ///
    /// - Parameter prependsBOS: nil takes the habit of the family.
    public func promptVocabulary(prependsBOS: Bool?) -> PromptVocabulary {
        let special = specialTokenIDs
        let tokenizer = self.tokenizer
        return PromptVocabulary(
            ordinaryIDs: (0..<tokenizer.vocabularySize).filter { !special.contains($0) },
            bosTokenID: prependsBOS ?? self.prependsBOS ? bosTokenID : nil,
            id: { word in tokenizer.id(of: " " + word) ?? tokenizer.id(of: word) }
        )
    }

    /// Whether prompts begin with BOS where nobody says otherwise.
    public var prependsBOS: Bool {
        tokenizer.addsBOSToken ?? transformer.config.prependsBOS
    }

    /// Text of single tokens, for the axes of figures.
    public func labels(of ids: [Int]) throws -> [String] {
        try ids.map { try tokenizer.label(for: $0) }
    }
}

private func hasTokenizer(_ directory: URL) -> Bool {
    ["tokenizer.json", "vocab.json", "merges.txt"].contains {
        FileManager.default.fileExists(atPath: directory.appending(path: $0).path)
    }
}
