// Devices and threads.
import CTorch

/// Where tensors live and are computed.
public struct Device: Hashable, Sendable, CustomStringConvertible {
    /// Kinds of device that libtorch may have been built for.
    public enum Kind: String, Sendable, CaseIterable {
        /// The processor.
        case cpu
        /// An NVIDIA GPU.
        case cuda
        /// An Apple GPU.
        case mps
    }

    /// What it is.
    public var kind: Kind
    /// Which one, where there are several.
    public var index: Int

    /// The processor.
    public static let cpu = Device(kind: .cpu)
    /// The first NVIDIA GPU.
    public static let cuda = Device(kind: .cuda)
    /// The Apple GPU.
    public static let mps = Device(kind: .mps)

    /// Names a device; whether it exists is `isAvailable`.
    public init(kind: Kind, index: Int = 0) {
        self.kind = kind
        self.index = index
    }

    init(_ code: ct_device) {
        let kind: Kind
        switch code.kind {
        case CT_CUDA: kind = .cuda
        case CT_MPS: kind = .mps
        default: kind = .cpu
        }
        self.init(kind: kind, index: Int(code.index))
    }

    var code: ct_device {
        switch kind {
        case .cpu: ct_device(kind: CT_CPU, index: 0)
        case .cuda: ct_device(kind: CT_CUDA, index: Int32(index))
        case .mps: ct_device(kind: CT_MPS, index: 0)
        }
    }

    /// Whether this machine and this libtorch have such a device.
    public var isAvailable: Bool {
        var result = false
        check(ct_is_available(&result, code.kind), "isAvailable")
        return result
    }

    /// The fastest device there is: CUDA, else MPS, else the processor.
    public static var best: Device {
        [.cuda, .mps].first { $0.isAvailable } ?? .cpu
    }

    /// `cpu`, `mps`, `cuda`, or `cuda:1` for others than the first.
    public var description: String {
        index == 0 ? kind.rawValue : "\(kind.rawValue):\(index)"
    }
}

/// libtorch itself.
public enum Engine {
    /// Version of libtorch, such as "2.13.0".
    public static var version: String { String(cString: ct_version()) }

    /// Keeps the memory of freed tensors (up to 1 GiB, on Linux) for the next one of about the same size instead of giving
    /// it back to the system each time: about a quarter of a forward pass, where activations are large. One setting for
    /// the whole process, made once at its start.
    public static func keepFreedMemory() {
        check(ct_keep_freed_memory(), "keepFreedMemory")
    }

    /// Threads that one operation may use; one setting for the whole process.
    public static var threadCount: Int {
        get {
            var count: Int32 = 0
            check(ct_thread_count(&count), "threadCount")
            return Int(count)
        }
        set {
            precondition(newValue > 0, "thread count \(newValue)")
            check(ct_set_thread_count(Int32(newValue)), "threadCount")
        }
    }
}
