// Copying score of a head's OV circuit (Elhage et al. 2021, "Detecting copying behavior").
//
// Quantity: sum(Re l) / sum(|l|) over the eigenvalues l of W_E W_OV W_U. Range -1..1: 1 where attending to a token
// only raises its own logit, -1 where it only lowers it (anti-copy). Computed from the d_head x d_head product
// W_O W_U W_E W_V, which has the same non-zero eigenvalues, with a general eigen-solver: it is not symmetric.
// Gains of the first norm and of the final norm are folded in. It does not show where the head looks.
import Torch
public import Transformers

extension Transformer {
    /// The copying score of one head's OV circuit; nil where the circuit is zero.
    public func copyingScore(of head: Head) -> Double? {
        let block = weights.blocks[head.layer]
        let width = config.dHead
        let group = head.index * config.keyValueHeads / config.heads
        let firstValue = (config.heads + config.keyValueHeads + group) * width
        // Row-vector convention: x W_V with W_V [d_model, d_head].
        var value = block.attention.qkv.weight[firstValue..<firstValue + width].to(.float64).mT
        var unembedding = weights.unembedding.weight.to(.float64).mT  // [d_model, vocab]
        if let gain = block.norm1.weight { value = gain.to(.float64).unsqueeze(1) * value }
        if let gain = weights.finalNorm.weight { unembedding = gain.to(.float64).unsqueeze(1) * unembedding }
        let output = block.attention.output.weight.to(.float64).mT[
            head.index * width..<(head.index + 1) * width
        ]
        let written = output.matmul(unembedding)  // [d_head, vocab]
        let read = weights.embedding.to(.float64).matmul(value)  // [vocab, d_head]
        let parts = written.matmul(read).to(device: .cpu).eigenvalues().viewAsReal()  // [d_head, 2]
        let magnitude = parts.norm(1).sum().scalar
        return magnitude > 0 ? parts.select(1, 0).sum().scalar / magnitude : nil
    }
}
