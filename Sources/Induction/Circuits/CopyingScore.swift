// Copying score of a head's OV circuit (Elhage et al. 2021, "Detecting copying behavior").
//
// Quantity: sum(Re l) / sum(|l|) over the eigenvalues l of W_E W_OV W_U. Range -1..1: 1 where attending to a token
// only raises its own logit, -1 where it only lowers it (anti-copy). Computed from the d_head x d_head product
// W_O W_U W_E W_V, which has the same non-zero eigenvalues, with a general eigen-solver: it is not symmetric.
// Gains of the norms on the way (before attention, after it, the final one) are folded in; their centring and scale
// are not, nor are biases. It does not show where the head looks.
import Torch
public import Transformers

extension Transformer {
    /// The copying score of one head's OV circuit; nil where the circuit is zero.
    public func copyingScore(of head: Head) throws -> Double? {
        try copyingScores(ofLayer: head.layer, through: unembeddingTimesEmbedding())[head.index]
    }

    /// The copying scores of all heads, in the order of `heads`, nil where a circuit is zero; the vocabulary is
    /// multiplied out once.
    public func copyingScores() throws -> [Double?] {
        let product = unembeddingTimesEmbedding()
        return try (0..<config.layers).flatMap { try copyingScores(ofLayer: $0, through: product) }
    }

    private func copyingScores(ofLayer layer: Int, through product: Tensor) throws -> [Double?] {
        let factors = try HeadFactors(self, layer: layer)
        return factors.ov(through: product).map(\.score)
    }
}
