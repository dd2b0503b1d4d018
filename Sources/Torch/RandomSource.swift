// Random tensors from explicit generators. There is no global seed.
import CTorch

/// A stream of random numbers: the same seed on the same kind of device gives the same numbers.
public final class RandomSource {
    private let raw: ct_generator
    /// Where the tensors are made.
    public let device: Device

    /// A generator of its own.
    public init(seed: UInt64, device: Device = .cpu) {
        var out: ct_generator?
        check(ct_generator_new(&out, seed, device.code), "RandomSource")
        guard let out else { preconditionFailure("the shim returned CT_OK without a generator") }
        raw = out
        self.device = device
    }

    deinit {
        ct_generator_free(raw)
    }

    /// Everything that the next numbers depend on: uint8, to be kept in a checkpoint.
    public var state: Tensor {
        get { make("RandomSource.state") { ct_generator_state($0, raw) } }
        set { check(ct_generator_set_state(raw, newValue.raw), "RandomSource.state", [newValue]) }
    }

    /// Uniform in 0..<1.
    public func uniform(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        make("uniform(\(shape))") { ct_uniform($0, int64(shape), shape.count, raw, dtype.code) }
    }

    /// Normal with mean 0 and standard deviation 1.
    public func normal(_ shape: [Int], dtype: DType = .float32) -> Tensor {
        make("normal(\(shape))") { ct_normal($0, int64(shape), shape.count, raw, dtype.code) }
    }

    /// Integers of a range, int64.
    public func integers(_ range: Range<Int>, _ shape: [Int]) -> Tensor {
        make("integers(\(range), \(shape))") {
            ct_integers($0, Int64(range.lowerBound), Int64(range.upperBound), int64(shape), shape.count, raw)
        }
    }

    /// 0..<count in random order, int64.
    public func permutation(_ count: Int) -> Tensor {
        make("permutation(\(count))") { ct_permutation($0, Int64(count), raw) }
    }
}
