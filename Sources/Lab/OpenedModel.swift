// A model that is found and described, its weights still on disk: enough to tokenize, to make prompts, to estimate.
public import Checkpoints
import Foundation
import Hub
public import Induction
public import Runs
public import Tokenizers
import Torch
public import Transformers

/// A model's files, config and tokenizer.
public struct OpenedModel {
    /// What it is called: a bundled name, an id on the hub, or the name of the directory that it is in.
    public let name: String
    /// Its files.
    public let files: ModelFiles
    /// Which version of which model on the hub it is, if it is from there.
    public let hub: Receipt.HubSource?
    /// Shape and forms.
    public let config: TransformerConfig
    /// Its tokenizer; plain ids where the directory has none.
    public let tokenizer: any Tokenizer

    /// Opens a model by name: a bundled one, a directory or file, or one on the hub, which is downloaded if it is not in
    /// the cache.
    ///
    /// - Parameter report: hears of the download.
    /// - Throws: `ModelError`, `HubError`, and what is wrong with its files.
    public init(_ name: String, reporting report: FetchReport = FetchReport()) throws {
        let place = try ModelCatalog.place(of: name)
        files = try ModelFiles(ModelCatalog.files(at: place, reporting: report))
        // A snapshot's directory is called as the commit is.
        hub =
            if case .hub(let id) = place {
                Receipt.HubSource(id: id.description, commit: files.directory.lastPathComponent)
            } else {
                nil
            }
        self.name =
            switch place {
            case .bundled: name
            case .path: files.directory.standardizedFileURL.lastPathComponent
            case .hub(let id): id.description
            }
        config = try TransformerConfig(files.config)
        tokenizer = try tokenizerOf(files, config)
    }

    /// Loads the weights.
    ///
    /// - Throws: `ModelError.noDevice`, `MemoryError`, and what is wrong with its weights.
    public func load(_ compute: Compute = Compute()) throws -> LoadedModel {
        let (device, dtype) = (compute.device.device, compute.dtype.dtype)
        guard device.isAvailable else { throw ModelError.noDevice("\(device)") }
        try checkWeights(dtype: dtype, isResident: !compute.savesMemory, free: device.freeMemory)
        return LoadedModel(
            opened: self,
            transformer: try Transformer(
                files,
                dtype: dtype,
                device: device,
                isResident: !compute.savesMemory
            ),
            compute: compute
        )
    }

    /// The token that begins a prompt, if there is one.
    public var bosTokenID: Int? { tokenizer.bosTokenID ?? config.bosTokenID }

    /// Ids that are never part of a copy.
    public var specialTokenIDs: Set<Int> { tokenizer.specialTokenIDs.union([bosTokenID].compactMap(\.self)) }

    /// Whether prompts begin with BOS where nobody says otherwise.
    public var prependsBOS: Bool { tokenizer.addsBOSToken ?? config.prependsBOS }

    /// What prompt generators may draw from.
    ///
    /// - Parameter prependsBOS: nil takes the habit of the family.
    public func promptVocabulary(prependsBOS: Bool? = nil) -> PromptVocabulary {
        let special = specialTokenIDs
        let tokenizer = self.tokenizer
        return PromptVocabulary(
            ordinaryIDs: (0..<tokenizer.vocabularySize).filter { !special.contains($0) },
            bosTokenID: prependsBOS ?? self.prependsBOS ? bosTokenID : nil,
            id: { word in tokenizer.id(of: " " + word) ?? tokenizer.id(of: word) }
        )
    }

    /// Text of single tokens, for the axes of figures.
    public func labels(of ids: [Int]) throws -> [String] {
        try ids.map { try tokenizer.label(for: $0) }
    }
}

/// A model in memory, with its tokenizer: what every experiment works on.
public struct LoadedModel {
    /// Its name, files, config and tokenizer.
    public let opened: OpenedModel
    /// The decoder.
    public let transformer: Transformer

    /// How it runs.
    public let compute: Compute

    /// Opens and loads a model by name; see `OpenedModel`.
    public init(_ name: String, _ compute: Compute = Compute()) throws {
        self = try OpenedModel(name).load(compute)
    }

    init(opened: OpenedModel, transformer: Transformer, compute: Compute) {
        self.opened = opened
        self.transformer = transformer
        self.compute = compute
    }
}

/// A model's tokenizer: the characters of a nanoGPT model's data, the files beside the weights, or plain ids.
private func tokenizerOf(_ files: ModelFiles, _ config: TransformerConfig) throws -> any Tokenizer {
    let tokenizer: any Tokenizer
    if let meta = files.meta {
        tokenizer = try CharacterVocabulary(entries: CharacterMeta(meta).characters)
    } else if hasTokenizer(directory: files.directory) {
        tokenizer = try loadTokenizer(directory: files.directory)
    } else {
        return PlainIDs(vocabularySize: config.vocabularySize, bosTokenID: config.bosTokenID)
    }
    guard tokenizer.vocabularySize <= config.vocabularySize else {
        throw ModelError.vocabularyMismatch(
            source: (files.meta ?? files.directory).path,
            tokenizer: tokenizer.vocabularySize,
            model: config.vocabularySize
        )
    }
    return tokenizer
}
