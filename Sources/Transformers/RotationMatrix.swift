// Rotary positions as a matrix: what stands between the query and key maps of a head at a given distance.
import Foundation
public import Torch

extension TransformerConfig {
    /// The matrix R with q R as the rotation of a query (a row vector) that stands `offset` places after its key, so
    /// that a score is x W_Q R W_K^T y^T: rotations of query and key together turn by the difference of positions only.
    ///
    /// - Returns: [d_head, d_head], float64, orthogonal; nil where positions are not rotary.
    public func rotationMatrix(of layer: Int, offset: Int) -> Tensor? {
        guard case .rotary(let whole, let local) = positions else { return nil }
        let rotary = window(of: layer) == nil ? whole : local ?? whole
        var values = [Double](repeating: 0, count: dHead * dHead)
        for index in 0..<dHead { values[index * dHead + index] = 1 }
        for (pair, frequency) in rotary.frequencies.enumerated() {
            let (first, second) =
                rotary.pairing == .halves ? (pair, pair + rotary.dimensions / 2) : (2 * pair, 2 * pair + 1)
            let angle = frequency * Double(offset)
            values[first * dHead + first] = cos(angle)
            values[second * dHead + first] = -sin(angle)
            values[first * dHead + second] = sin(angle)
            values[second * dHead + second] = cos(angle)
        }
        return Tensor(values, [dHead, dHead])
    }
}
