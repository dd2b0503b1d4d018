// A model's files: a directory as Hugging Face's save_pretrained writes it, or a checkpoint that nanoGPT's train.py
// writes.
//
// Which weights of a directory are taken: the first there is of `weightNames`, as in Hugging Face's transformers.

import Files
public import Foundation
public import JSON

/// A model on disk, opened but not loaded: no tensor has been read.
public struct ModelFiles {
    /// The directory or file that was named.
    public let url: URL
    /// The directory that its files are in.
    public var directory: URL { isDirectory(url) ? url : url.deletingLastPathComponent() }
    /// config.json; of a nanoGPT checkpoint its `model_args`, with `model_type` "nanogpt".
    public let config: JSONField
    /// The weights, mapped.
    public let weights: any WeightStore
    /// The characters of the model's vocabulary in a meta.pkl that belongs to a nanoGPT checkpoint, if there is one;
    /// ``CharacterMeta`` reads it.
    public let meta: URL?

    /// What the weights of a directory may be called, the first first.
    static let weightNames = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
        "pytorch_model.bin.index.json",
    ]

    /// Opens a directory with config.json and weights, a directory with nanoGPT's ckpt.pt, a file that nanoGPT wrote,
    /// or a file of weights with config.json beside it.
    ///
    /// - Throws: `CheckpointError`, `FileError`, `JSONError`, `SafetensorsError`, `TorchFileError`, `PickleError`, each
    ///   naming the file.
    public init(_ url: URL) throws {
        guard isDirectory(url) else {
            self = try ModelFiles.open(file: url, named: url)
            return
        }
        let config = url.appending(path: "config.json")
        let checkpoint = url.appending(path: "ckpt.pt")
        if !isPresent(config), isPresent(checkpoint) {
            self = try ModelFiles.open(file: checkpoint, named: url)
            return
        }
        guard isPresent(config) else { throw CheckpointError.noConfig(directory: url.path) }
        let settings = try JSONField(reading: config)
        guard let name = ModelFiles.weightNames.first(where: { isPresent(url.appending(path: $0)) }) else {
            throw CheckpointError.noWeights(directory: url.path)
        }
        self.init(url: url, config: settings, weights: try openWeights(url.appending(path: name)), meta: nil)
    }

    private init(url: URL, config: JSONField, weights: any WeightStore, meta: URL?) {
        self.url = url
        self.config = config
        self.weights = weights
        self.meta = meta
    }

    /// Opens a file of weights, which `url` named or contains.
    private static func open(file: URL, named url: URL) throws -> ModelFiles {
        guard !file.path.hasSuffix(".safetensors"), !file.path.hasSuffix(".json") else {
            return ModelFiles(
                url: url,
                config: try configBeside(file),
                weights: try openWeights(file),
                meta: nil
            )
        }
        let opened = try TorchFile(file)
        if let checkpoint = try NanoGPTCheckpoint(opened, at: file) {
            return ModelFiles(
                url: url,
                config: checkpoint.config,
                weights: checkpoint.weights,
                meta: checkpoint.meta
            )
        }
        // What the file is comes first: a config beside it would not help one that is no state dict.
        let weights = try stateDict(of: opened)
        return ModelFiles(url: url, config: try configBeside(file), weights: weights, meta: nil)
    }
}

private func configBeside(_ file: URL) throws -> JSONField {
    let config = file.deletingLastPathComponent().appending(path: "config.json")
    guard isPresent(config) else { throw CheckpointError.noConfigBeside(file: file.path) }
    return try JSONField(reading: config)
}

/// The weights in a file, or in the shards of an index, by what the file is called.
func openWeights(_ url: URL) throws -> any WeightStore {
    if url.path.hasSuffix(".index.json") { return try ShardedWeights(index: url) }
    if url.path.hasSuffix(".safetensors") { return try SafetensorsFile(url) }
    return try stateDict(of: TorchFile(url))
}

/// The tensors of a file that holds a state dict and nothing else.
private func stateDict(of file: TorchFile) throws -> TorchWeights {
    guard case .dictionary = file.root.node else {
        throw CheckpointError.noStateDict(file: file.path, found: file.root.summary)
    }
    let weights = try TorchWeights(file.root, of: file)
    guard !weights.names.isEmpty else {
        let keys = try file.root.fields().prefix(6).map { Quoted.text($0.name) }
        throw CheckpointError.noStateDict(
            file: file.path,
            found: keys.isEmpty
                ? "an empty dictionary" : "a dictionary without tensors, with \(keys.joined(separator: ", "))"
        )
    }
    return weights
}

/// Whether there is something of this name, a broken link too: opening it says what is wrong with it.
func isPresent(_ url: URL) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: url.path)) != nil
}

func isDirectory(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
        && isDirectory.boolValue
}
