// Positions as sinusoids (Vaswani et al. 2017, section 3.5): position p has sin and cos of p * 10000^(-i / half) for
// i = 0 ..< half, half = width / 2. All sines come first, as in the authors' program; in the paper's formula they alternate
// with the cosines, which is another order of the same dimensions.
public import Torch

extension Positions {
    /// The vectors of some positions, [p, width], float32; of an odd width half is rounded up and the last cosine left out.
    public static func sinusoids(_ positions: Range<Int>, width: Int) -> Tensor {
        let half = (width + 1) / 2
        let exponents = Tensor.range(to: half, dtype: .float64) * (-1 / Double(half))
        let frequencies = Tensor.full([half], 10_000, dtype: .float64).pow(exponents)
        let places = Tensor(positions.map(Double.init)).unsqueeze(1)
        let angles = places * frequencies
        return .cat([angles.sin(), angles.cos()], axis: 1).slice(1, 0..<width).contiguous().to(.float32)
    }
}
