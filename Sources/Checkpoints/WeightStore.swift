// From the bytes of a checkpoint to tensors: mapped, arranged, converted and copied once.
import Foundation
public import Torch

/// Tensors of one checkpoint, by name.
public protocol WeightStore {
    /// Whether there is a tensor of this name.
    func has(_ name: String) -> Bool

    /// Number of elements of all tensors.
    var parameterCount: Int { get }

    /// Reads a tensor.
    ///
    /// - Parameters:
    ///   - shape: the shape that it must have in the file.
    ///   - arrange: turns a view of the file's layout into a view of the layout that is wanted. The result is copied,
    ///     in `dtype` on `device`; the pages that were read are given back.
    /// - Throws: `CheckpointError` when it is missing or has another shape or a type that cannot be computed with.
    func load(
        _ name: String,
        shape: [Int],
        dtype: DType,
        device: Device,
        arrange: (Tensor) -> Tensor
    ) throws -> Tensor
}

extension SafetensorsFile: WeightStore {
    /// Whether there is a tensor of this name.
    public func has(_ name: String) -> Bool { contains(name) }

    /// Number of elements of all tensors.
    public var parameterCount: Int {
        header.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// Reads a tensor; see `WeightStore`.
    public func load(
        _ name: String,
        shape: [Int],
        dtype: DType,
        device: Device,
        arrange: (Tensor) -> Tensor
    ) throws -> Tensor {
        guard contains(name) else { throw CheckpointError.missingTensor(source: url.path, name: name) }
        let stored = try tensor(named: name)
        guard stored.shape == shape else {
            throw CheckpointError.shape(source: url.path, name: name, expected: shape, found: stored.shape)
        }
        guard stored.dtype.tensorType.isFloatingPoint else {
            throw CheckpointError.dtype(source: url.path, name: name, found: stored.dtype.rawValue)
        }
        defer { stored.release() }
        return stored.withView { view in
            let arranged = arrange(view)
            let result = Tensor.empty(arranged.shape, dtype: dtype, device: device)
            result.assign(arranged)
            return result
        }
    }
}

extension SafetensorsTensor {
    /// Hands `body` a view of the mapped bytes (of a copy, where they are not aligned). No view may leave `body`.
    func withView<Result>(_ body: (Tensor) throws -> Result) rethrows -> Result {
        try withUnsafeBytes { bytes in
            if isAligned {
                return try Tensor.withView(of: bytes, shape: shape, dtype: dtype.tensorType, body)
            }
            return try Array(bytes).withUnsafeBytes {
                try Tensor.withView(of: $0, shape: shape, dtype: dtype.tensorType, body)
            }
        }
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
