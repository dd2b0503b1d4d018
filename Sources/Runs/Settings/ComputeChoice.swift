// Where and with which numbers to compute, as settings and flags name it.

/// Where to compute.
public enum ComputeDevice: String, CaseIterable, Codable, Sendable {
    /// The fastest device there is.
    case auto
    /// The processor.
    case cpu
    /// An NVIDIA GPU.
    case cuda
    /// An Apple GPU.
    case mps
}

/// The type of weights and activations.
public enum ComputeType: String, CaseIterable, Codable, Sendable {
    /// 32 bits.
    case float32
    /// 16 bits with the range of float32.
    case bfloat16
    /// 16 bits with more digits and a small range: for GPUs.
    case float16

    /// The type to compute with on a device, and a line for the user if it is not this one: processors have no fast
    /// float16, and its sums overflow where float32 does not.
    ///
    /// - Parameter device: not `auto`: which one that is has to be known.
    public func resolved(on device: ComputeDevice) -> (type: ComputeType, notice: String?) {
        precondition(device != .auto, "resolve the device before the type")
        guard self == .float16, device == .cpu else { return (self, nil) }
        return (
            .float32,
            "dtype float16 is for GPUs: computing in float32 on the CPU (bfloat16 takes half the memory)."
        )
    }
}
