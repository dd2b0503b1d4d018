// Loading a model from a directory, saving one in this project's format.
public import Checkpoints
import Files
public import Foundation
public import JSON
public import Torch

extension Transformer {
    /// Loads a model.
    ///
    /// - Parameters:
    ///   - directory: config.json and weights of a family that is known.
    ///   - dtype: what weights are converted to and activations are computed in.
    ///   - device: where the model will run.
    ///   - isResident: whether all blocks stay in memory; otherwise each is read from its file whenever a run comes to
    ///     it, so that one at a time is in memory.
    /// - Throws: `CheckpointError`, `JSONError`, `SafetensorsError`, `FileError`.
    public convenience init(
        _ directory: ModelFiles,
        dtype: DType = .float32,
        device: Device = .cpu,
        isResident: Bool = true
    ) throws {
        let architecture = try architecture(of: directory.config)
        let config = try architecture.config(from: directory.config)
        let reader = WeightReader(store: directory.weights, dtype: dtype, device: device)
        self.init(
            config: config,
            weights: try architecture.weights(from: reader, config, isResident: isResident)
        )
    }

    /// Loads a model from a directory.
    public convenience init(directory: URL, dtype: DType = .float32, device: Device = .cpu) throws {
        try self.init(ModelFiles(directory), dtype: dtype, device: device)
    }

    /// Writes config.json and model.safetensors in this project's own format. For models without features that the
    /// format lacks: sequential blocks, one key/value head a query head.
    ///
    /// - Parameter isHalf: whether weights are rounded to float16, which takes half the room.
    /// - Throws: `FileError`.
    public func save(to directory: URL, isHalf: Bool = false) throws {
        precondition(
            Induct.canHold(config),
            "the format has sequential blocks of layer norm, plain attention and an MLP without a gate, no more"
        )
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let named = Induct.namedTensors(of: weights, config).map {
            ($0, $1.to(isHalf ? .float16 : .float32, device: .cpu).contiguous())
        }
        let entries = named.map { SafetensorsWriter.Entry($0, isHalf ? .float16 : .float32, shape: $1.shape) }
        let writer = try SafetensorsWriter(
            replacing: directory.appending(path: "model.safetensors"),
            entries: entries
        )
        for (name, tensor) in named {
            var bytes = [UInt8](repeating: 0, count: tensor.count * tensor.dtype.size)
            bytes.withUnsafeMutableBytes { tensor.copyBytes(to: $0) }
            try bytes.withUnsafeBytes { try writer.append($0, to: name) }
        }
        try writer.finish()
        let json = try JSONSerialization.data(
            withJSONObject: Induct.settings(of: config),
            options: [.prettyPrinted, .sortedKeys]
        )
        try AtomicFile.write(json + Data("\n".utf8), to: directory.appending(path: "config.json"))
    }
}

extension TransformerConfig {
    /// Reads a family's config.json.
    ///
    /// - Throws: `CheckpointError`, `JSONError`.
    public init(_ json: JSONField) throws {
        self = try architecture(of: json).config(from: json)
    }
}

private func architecture(of config: JSONField) throws -> any Architecture.Type {
    let name = try config.require("model_type").string()
    if let found = architectures.first(where: { $0.modelTypes.contains(name) }) { return found }
    throw CheckpointError.unknownArchitecture(
        source: config.source,
        name: name,
        known: architectures.flatMap { $0.modelTypes }
    )
}
