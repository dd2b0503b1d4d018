// How models run: where, with which numbers, in how much memory.
public import Runs
public import Torch

/// How a model runs. Every experiment holds one; what is found does not depend on it but for rounding.
public struct Compute: Codable, Equatable, Sendable {
    /// Where.
    public var device: ComputeDevice
    /// Type of weights and activations.
    public var dtype: ComputeType
    /// Prompts a forward pass.
    public var batchSize: Int
    /// Whether one block's weights are in memory at a time.
    public var savesMemory: Bool
    /// Bytes that the activations of a sweep may take; nil for what `Device.usualSweepBudget` says.
    public var memoryBudget: Int?

    /// All fields.
    public init(
        device: ComputeDevice = .auto,
        dtype: ComputeType = .float32,
        batchSize: Int = 8,
        savesMemory: Bool = false,
        memoryBudget: Int? = nil
    ) {
        self.device = device
        self.dtype = dtype
        self.batchSize = batchSize
        self.savesMemory = savesMemory
        self.memoryBudget = memoryBudget
    }

    /// The same with `auto` replaced by the device that it means here: what a receipt holds.
    public var resolved: Compute {
        var resolved = self
        resolved.device = device.resolved
        return resolved
    }
}

extension ComputeDevice {
    /// The device; for `auto` the fastest there is.
    public var device: Device { Device.Kind(rawValue: rawValue).map { Device(kind: $0) } ?? .best }

    /// `cpu`, `cuda` or `mps`.
    public var resolved: ComputeDevice { ComputeDevice(rawValue: device.kind.rawValue) ?? .cpu }
}

extension ComputeType {
    /// The type of tensors.
    public var dtype: DType {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }
}
