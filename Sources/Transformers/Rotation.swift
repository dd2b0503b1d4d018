// Rotary position embedding (Su et al. 2021), GPT-NeoX's layout.
//
// Dimension i < n/2 of a head is paired with i + n/2; the pair turns by position * base^(-2i/n) radians.
import Torch

/// Cosines and sines of all positions of a context.
struct Rotation {
    private let dimensions: Int
    private let cosines: Tensor  // [p, n/2]
    private let sines: Tensor  // [p, n/2]

    init(_ rotary: Rotary, length: Int, dtype: DType, device: Device) {
        dimensions = rotary.dimensions
        let half = rotary.dimensions / 2
        let exponents = Tensor.range(to: half, dtype: .float64) * (-2 / Double(rotary.dimensions))
        let frequencies = Tensor.full([half], rotary.base, dtype: .float64).pow(exponents)
        let angles = Tensor.range(to: length, dtype: .float64).unsqueeze(1) * frequencies  // [p, n/2]
        cosines = angles.cos().to(dtype, device: device)
        sines = angles.sin().to(dtype, device: device)
    }

    /// Turns the first `dimensions` of each head: [b, p, head, e] -> the same shape.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let (positions, width, half) = (x.size(1), x.size(3), dimensions / 2)
        let cos = cosines[0..<positions].unsqueeze(1)  // [p, 1, n/2]
        let sin = sines[0..<positions].unsqueeze(1)
        let first = x.slice(3, 0..<half)
        let second = x.slice(3, half..<dimensions)
        var parts = [first * cos - second * sin, second * cos + first * sin]
        if dimensions < width { parts.append(x.slice(3, dimensions..<width)) }
        return .cat(parts, axis: 3)
    }
}
