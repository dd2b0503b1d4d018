// Rotary position embedding (Su et al. 2021): pair i of n/2 turns by position * base^(-2i/n) radians, or less where the
// angles are scaled.
import Foundation
import Torch

/// The rotations of one run, by layer.
struct Rotations {
    private let config: TransformerConfig
    private let whole: Rotation?
    private let local: Rotation?

    init(_ config: TransformerConfig, positions: Range<Int>, dtype: DType, device: Device) {
        self.config = config
        guard case .rotary(let rotary, let local) = config.positions else {
            (whole, self.local) = (nil, nil)
            return
        }
        whole = Rotation(rotary, positions: positions, dtype: dtype, device: device)
        self.local = local.map { Rotation($0, positions: positions, dtype: dtype, device: device) }
    }

    subscript(layer: Int) -> Rotation? { config.window(of: layer) == nil ? whole : local ?? whole }
}

/// Cosines and sines of the positions of one pass.
struct Rotation {
    private let pairing: Rotary.Pairing
    private var cosines: Tensor  // [p, n/2], or [b, p, n/2] where prompts have positions of their own
    private var sines: Tensor

    init(_ rotary: Rotary, positions: Range<Int>, dtype: DType, device: Device) {
        pairing = rotary.pairing
        let frequencies = Tensor(rotary.frequencies)
        let places = Tensor(positions.map(Double.init)).unsqueeze(1)
        let angles = places * frequencies  // [p, n/2]
        cosines = angles.cos().to(dtype, device: device)
        sines = angles.sin().to(dtype, device: device)
    }

    /// How many of a head's dimensions turn.
    var width: Int { 2 * cosines.size(-1) }

    /// The rotation of some of the positions, [b, n] as places in this one's.
    func at(_ places: Tensor) -> Rotation {
        var result = self
        (result.cosines, result.sines) = (cosines.index([places]), sines.index([places]))
        return result
    }

    /// Turns the first dimensions of each head: [b, p, head, e] -> the same shape.
    ///
    /// - Parameter overwriting: whether `x` may be changed.
    func callAsFunction(_ x: Tensor, overwriting: Bool) -> Tensor {
        x.rotated(
            cosines: cosines.unsqueeze(-2),  // [p, 1, n/2]
            sines: sines.unsqueeze(-2),
            pairsAreNeighbours: pairing == .neighbours,
            overwriting: overwriting
        )
    }
}

extension Rotary {
    /// What each pair turns by from one position to the next, in radians.
    var frequencies: [Double] {
        stride(from: 0, to: dimensions, by: 2).map { index in
            let frequency = pow(base, -Double(index) / Double(dimensions))
            switch scaling {
            case .none: return frequency
            case .linear(let factor): return frequency / factor
            case .llama3(let factor, let low, let high, let context):
                // Turns within the context of pretraining: kept above `high`, slowed down below `low`.
                let turns = Double(context) * frequency / (2 * .pi)
                let kept = min(max((turns - low) / (high - low), 0), 1)
                return frequency * (kept + (1 - kept) / factor)
            }
        }
    }
}
