// What a receipt says of models, prompts and machine.
import Checkpoints
import Foundation
import Hub
public import Runs
import Torch
import Transformers

extension OpenedModel {
    /// The model's configuration, tokenizer and weights with their hashes.
    ///
    /// - Throws: `FileError`.
    public func receiptInput() throws -> Receipt.Input {
        let directory = files.directory
        var urls = files.weights.files
        for name in [HubFiles.config] + HubFiles.tokenizer {
            let url = directory.appending(path: name)
            if FileManager.default.fileExists(atPath: url.path) { urls.append(url) }
        }
        if let meta = files.meta { urls.append(meta) }
        let digests = try urls.map { try FileDigest(of: $0) }.sorted { $0.name < $1.name }
        return Receipt.Input(role: "model", name: name, files: digests, hub: hub)
    }
}

extension Receipt.Input {
    /// Prompts as a model sees them.
    ///
    /// - Parameter name: which of an experiment's prompts these are; nil calls them by the model's name.
    static func tokens(_ tokens: Tokens, of model: OpenedModel, named name: String? = nil) -> Receipt.Input {
        Receipt.Input(
            role: "tokens",
            name: name ?? model.name,
            files: [FileDigest(ofTokens: tokens.rows, name: "tokens")]
        )
    }
}

extension RunEnvironment {
    /// This program on this machine.
    static func this(_ compute: Compute) -> RunEnvironment {
        RunEnvironment(
            induct: inductVersion,
            libtorch: Engine.version,
            device: "\(compute.device.device)",
            threads: Engine.threadCount,
            dtype: compute.dtype.rawValue
        )
    }
}
