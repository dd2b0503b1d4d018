// Copying score of a head's OV circuit (Elhage et al. 2021, "Detecting copying behavior").
//
// Quantity: sum(Re l) / sum(|l|) over the eigenvalues l of W_E W_OV W_U. Range -1..1: 1 where attending to a token
// only raises its own logit, -1 where it only lowers it (anti-copy). Computed from the d_head x d_head product
// W_O W_U W_E W_V, which has the same non-zero eigenvalues, with a general eigen-solver: it is not symmetric.
// Gains of the norms on the way (before attention, after it, the final one) are folded in; their centring and scale
// are not. It does not show where the head looks.
import Torch
public import Transformers

extension Transformer {
    /// The copying score of one head's OV circuit; nil where the circuit is zero.
    public func copyingScore(of head: Head) throws -> Double? {
        try copyingScore(of: head, through: unembeddingTimesEmbedding())
    }

    /// The copying scores of all heads, in the order of `heads`; the vocabulary is multiplied out once.
    public func copyingScores() throws -> [Double?] {
        let product = unembeddingTimesEmbedding()
        return try heads.map { try copyingScore(of: $0, through: product) }
    }

    /// W_U W_E with the final norm's gain, [d_model, d_model], on the processor: not every device has float64.
    private func unembeddingTimesEmbedding() -> Tensor {
        let product = double(weights.unembedding.weight).mT.matmul(double(weights.embedding))
        guard let gain = weights.finalNorm.weight else { return product }
        return double(gain).unsqueeze(1) * product
    }

    private func copyingScore(of head: Head, through product: Tensor) throws -> Double? {
        let block = try weights.blocks[head.layer]
        let width = config.dHead
        let group = head.index * config.keyValueHeads / config.heads
        let firstValue = (config.heads + config.keyValueHeads + group) * width
        // Row-vector convention: x W_V with W_V [d_model, d_head], z W_O with W_O [d_head, d_model].
        var value = double(block.attention.qkv.weight[firstValue..<firstValue + width]).mT
        if let gain = block.norm1.weight { value = double(gain).unsqueeze(1) * value }
        let columns = head.index * width..<(head.index + 1) * width
        var output = double(block.attention.output.weight.slice(1, columns)).mT
        if let gain = block.norm1Post.weight { output = output * double(gain) }
        let parts = output.matmul(product).matmul(value).eigenvalues().viewAsReal()  // [d_head, 2]
        let magnitude = parts.norm(1).sum().scalar
        return magnitude > 0 ? parts.select(1, 0).sum().scalar / magnitude : nil
    }
}

private func double(_ weight: Tensor) -> Tensor {
    weight.to(device: .cpu).to(.float64)
}
