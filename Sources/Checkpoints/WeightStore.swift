// Where weights come from: tensors by name, in whatever container.
public import Foundation
public import Torch

/// Tensors of one checkpoint, by name, on disk.
public protocol WeightStore {
    /// The file, or the index of several files, as messages name it.
    var source: String { get }

    /// The files that the weights are in, an index among them.
    var files: [URL] { get }

    /// The names of the tensors, in the order of the file.
    var names: [String] { get }

    /// Number of elements of all tensors, buffers too. Tensors that lie on the same bytes (tied weights) count once.
    var parameterCount: Int { get }

    /// Whether there is a tensor of this name.
    func has(_ name: String) -> Bool

    /// Where a tensor lies; throws if there is none, or if its type cannot be computed with.
    func tensor(named name: String) throws -> StoredTensor
}

extension WeightStore {
    /// Reads a tensor.
    ///
    /// - Parameters:
    ///   - shape: the shape that it must have in the file.
    ///   - arrange: turns a view of the file's layout into a view of the layout that is wanted. The result is copied,
    ///     in `dtype` on `device`; the pages that were read are given back.
    /// - Throws: `CheckpointError` when it is missing, has another shape or a type that cannot be computed with, or
    ///   holds a number that is not finite.
    public func load(
        _ name: String,
        shape: [Int],
        dtype: DType,
        device: Device,
        arrange: (Tensor) -> Tensor
    ) throws -> Tensor {
        guard has(name) else { throw CheckpointError.missingTensor(source: source, name: name) }
        let stored = try tensor(named: name)
        guard stored.shape == shape else {
            throw CheckpointError.shape(source: source, name: name, expected: shape, found: stored.shape)
        }
        guard stored.dtype.isFloatingPoint else {
            throw CheckpointError.dtype(source: source, name: name, found: "\(stored.dtype)")
        }
        // A step of 0 makes a tensor of any size from one number: what a file makes us allocate stays in proportion.
        guard stored.count <= stored.byteCount / stored.dtype.size else {
            throw CheckpointError.repeated(source: source, name: name, shape: shape)
        }
        return try stored.load(source: source, dtype: dtype, device: device, arrange: arrange)
    }
}

extension SafetensorsFile: WeightStore {
    /// The file's path.
    public var source: String { url.path }

    /// The file.
    public var files: [URL] { [url] }

    /// Whether there is a tensor of this name.
    public func has(_ name: String) -> Bool { contains(name) }

    /// Number of elements of all tensors; none share bytes in this format.
    public var parameterCount: Int {
        header.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
}

extension SafetensorsDType {
    /// The tensor type with the same bits.
    public var tensorType: DType {
        switch self {
        case .float64: .float64
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int64: .int64
        case .int32: .int32
        case .int16: .int16
        case .int8: .int8
        case .uint8: .uint8
        case .bool: .bool
        }
    }
}
