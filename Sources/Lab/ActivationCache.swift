// Activations of chosen sites, streamed to a file batch by batch: memory does not grow with what is kept.
import Checkpoints
public import Foundation
import Torch
public import Transformers

/// Which activations to keep.
public struct ActivationCache: Sendable {
    /// Names or patterns of sites, such as `blocks.*.attn.hook_pattern`.
    public var names: [String]
    /// Prompts a forward pass.
    public var batchSize: Int

    /// Both fields.
    public init(names: [String], batchSize: Int = 8) {
        self.names = names
        self.batchSize = batchSize
    }

    /// Runs the model over the prompts and writes what was asked for.
    ///
    /// A `.safetensors` file holds one tensor a site under its name, its first axis the prompts, beside `tokens`
    /// [prompt, position] (int64) and `lengths` [prompt] (int64). A `.npy` file holds the values of one site. Positions
    /// behind the end of a prompt hold zeros.
    ///
    /// - Throws: `SelectionError`, `TokensError`, `MemoryError`, `FileError`, `CacheError`.
    /// - Returns: the sites that were written.
    public func write(
        _ tokens: Tokens,
        through model: Transformer,
        to url: URL,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Site] {
        var sites: [Site] = []
        for name in names {
            for site in try model.config.sites(matching: name) where !sites.contains(site) {
                sites.append(site)
            }
        }
        try tokens.validate(for: model.config)
        try model.checkActivations(
            batch: min(batchSize, tokens.count),
            positions: tokens.length,
            unembedded: sites.contains(Site(.logits)) ? tokens.length : 0,
            isFused: !sites.contains { [.scores, .pattern].contains($0.kind) },
            free: model.device.freeMemory
        )
        let output = try Output(url, sites: sites, tokens: tokens, model: model)
        let wantsLogits = sites.contains(Site(.logits))
        var done = 0
        for batch in tokens.batches(of: batchSize) {
            let selectors = sites.filter { $0.kind != .logits }.map { Selector($0) }
            try model.observe(batch, at: selectors, logits: wantsLogits ? .all : .none) { site, value in
                try output.append(
                    value.padded(like: site, lengths: batch.lengths, to: tokens.length),
                    to: site
                )
            }
            done += batch.count
            progress(done, tokens.count)
        }
        try output.finish()
        return sites
    }
}

/// What can be wrong with a cache that was asked for.
public enum CacheError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file name with another ending.
    case unknownFormat(String)
    /// More than one site for a file that holds one array.
    case oneArrayOnly(String, sites: Int)
    /// A type that NumPy does not have.
    case noNumpyType(String)

    /// One paragraph: what was found, what was expected.
    public var description: String {
        switch self {
        case .unknownFormat(let path):
            "\(path): the name must end in .safetensors or .npy."
        case .oneArrayOnly(let path, let sites):
            "\(path): a .npy file holds one array, \(sites) sites were asked for; name one site or use .safetensors."
        case .noNumpyType(let dtype):
            "NumPy has no \(dtype); use --dtype float32 or a .safetensors file."
        }
    }
}

/// The file that is written to.
private enum Output {
    case safetensors(SafetensorsWriter)
    case numpy(NumpyArrayFile)

    init(_ url: URL, sites: [Site], tokens: Tokens, model: Transformer) throws {
        let shapes = sites.map { $0.shape(in: model.config, batch: tokens.count, positions: tokens.length) }
        switch url.pathExtension {
        case "safetensors":
            let dtype: SafetensorsDType =
                switch model.dtype {
                case .bfloat16: .bfloat16
                case .float16: .float16
                case .float64: .float64
                default: .float32
                }
            let entries = zip(sites, shapes).map { SafetensorsWriter.Entry($0.name, dtype, shape: $1) }
            let writer = try SafetensorsWriter(
                replacing: url,
                entries: entries + [
                    SafetensorsWriter.Entry("tokens", .int64, shape: [tokens.count, tokens.length]),
                    SafetensorsWriter.Entry("lengths", .int64, shape: [tokens.count]),
                ]
            )
            for row in tokens.rows {
                let padded = row + Array(repeating: 0, count: tokens.length - row.count)
                try padded.withUnsafeBytes { try writer.append($0, to: "tokens") }
            }
            try tokens.lengths.withUnsafeBytes { try writer.append($0, to: "lengths") }
            self = .safetensors(writer)
        case "npy":
            guard sites.count == 1 else { throw CacheError.oneArrayOnly(url.path, sites: sites.count) }
            let elements: [DType: NumpyArrayFile.Element] = [
                .float32: .float32, .float64: .float64, .float16: .float16,
            ]
            guard let element = elements[model.dtype] else {
                throw CacheError.noNumpyType(model.dtype.rawValue)
            }
            self = .numpy(try NumpyArrayFile(replacing: url, element: element, shape: shapes[0]))
        default:
            throw CacheError.unknownFormat(url.path)
        }
    }

    func append(_ value: Tensor, to site: Site) throws {
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: value.count * value.dtype.size,
            alignment: 16
        )
        defer { bytes.deallocate() }
        value.copyBytes(to: bytes)
        switch self {
        case .safetensors(let writer): try writer.append(UnsafeRawBufferPointer(bytes), to: site.name)
        case .numpy(let file): try file.append(UnsafeRawBufferPointer(bytes))
        }
    }

    func finish() throws {
        switch self {
        case .safetensors(let writer): try writer.finish()
        case .numpy(let file): try file.finish()
        }
    }
}

extension Tensor {
    /// A batch's activation with every axis of positions grown to `length`, zero wherever a pad is the query or key.
    fileprivate func padded(like site: Site, lengths: [Int], to length: Int) -> Tensor {
        let axes = site.kind.positionAxes
        var shape = self.shape
        let isFull = axes.allSatisfy { shape[$0] == length } && lengths.allSatisfy { $0 == length }
        if isFull { return self }
        for axis in axes { shape[axis] = length }
        let result = Tensor.zeros(shape, dtype: dtype, device: device)
        for (prompt, count) in lengths.enumerated() {
            var (target, source) = (result[prompt], self[prompt])
            for axis in axes {
                target = target.slice(axis - 1, 0..<count)
                source = source.slice(axis - 1, 0..<count)
            }
            target.assign(source)
        }
        return result
    }
}
