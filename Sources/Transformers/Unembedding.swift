// Unembedding any residual: what the model would predict if it stopped there.
public import Torch

extension Transformer {
    /// Logits of residual vectors: the final norm, the unembedding with its bias, and the cap on logits.
    ///
    /// - Parameters:
    ///   - residual: [..., d_model], as the last block leaves it or as any place before has it.
    ///   - capped: whether a model that caps its logits does so here.
    /// - Returns: [..., vocab], float32.
    public func unembed(_ residual: Tensor, capped: Bool = true) -> Tensor {
        unembed(residual, by: weights.unembedding, capped: capped)
    }

    /// The same by an unembedding that may be packed.
    func unembed(_ residual: Tensor, by unembedding: Linear, capped: Bool = true) -> Tensor {
        let read = config.normalization(residual, weights.finalNorm)
        return predicted(read, by: unembedding, capped: capped).to(.float32)
    }
}
