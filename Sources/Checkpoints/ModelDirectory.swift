// A directory as Hugging Face's save_pretrained writes it: config.json and weights.
public import Foundation
public import JSON

/// A model on disk, opened but not loaded.
public struct ModelDirectory {
    /// Where it is.
    public let url: URL
    /// config.json
    public let config: JSONField
    /// The weights, mapped.
    public let weights: any WeightStore

    /// Opens config.json and model.safetensors.
    ///
    /// - Throws: `CheckpointError`, `FileError`, `JSONError`, `SafetensorsError`, each naming the file.
    public init(_ url: URL) throws {
        self.url = url
        let config = url.appending(path: "config.json")
        guard FileManager.default.fileExists(atPath: config.path) else {
            throw CheckpointError.noConfig(directory: url.path)
        }
        self.config = try JSONField(reading: config)
        let weights = url.appending(path: "model.safetensors")
        guard FileManager.default.fileExists(atPath: weights.path) else {
            throw CheckpointError.noWeights(directory: url.path)
        }
        self.weights = try SafetensorsFile(weights)
    }
}
