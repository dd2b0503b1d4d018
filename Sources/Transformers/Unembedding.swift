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
        let read =
            weights.finalNorm.weight == nil
            ? residual : config.normalization(residual, weights.finalNorm)
        let logits = weights.unembedding(read).to(.float32)
        guard capped, let cap = config.logitCap else { return logits }
        return logits.softCapped(cap)
    }
}
