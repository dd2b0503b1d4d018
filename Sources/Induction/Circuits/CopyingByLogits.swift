// Copying score by logits (after Olsson et al. 2022, "Copying and prefix matching").
//
// Quantity: on one prompt of 25 distinct random tokens x, the model's own values v_s and pattern A; o_s = v_s W_O W_U,
// the logits that attending to source s alone writes; r_s = max(0, o_s - mean of o_s over the vocabulary); score = mean
// over t of sum over s of A[t, s] r_s[x_s] / sum over the 25 tokens u of r_s[u]. Range 0..1: 1 where attending to a
// token raises that one only of the 25, 1/25 where it raises all alike. A source that raises none of the 25 counts as
// 0. Gains of the norms after attention and before the unembedding are folded in; centring, scales (a scale cancels)
// and the unembedding's bias are not. It does not show whether the head looks at what is worth copying.
import Torch
public import Transformers

/// Copying scores by logits of all heads.
public struct CopyingByLogits: Sendable, Equatable, Codable {
    /// The prompt.
    public var tokens: [Int]
    /// Every head, block by block.
    public var heads: [Head]
    /// 0..1 for each head; nil where no source raises any of the tokens, as when the head writes nothing.
    public var scores: [Double?]
}

extension Transformer {
    /// Scores every head on one random prompt.
    ///
    /// - Parameters:
    ///   - ids: distinct ids to draw from, without special tokens.
    ///   - count: length of the prompt; less where there are fewer ids or positions.
    ///   - seed: of the draw.
    /// - Throws: `TokensError` without ids or with one that the model does not have.
    public func copyingByLogits(drawing ids: [Int], count: Int = 25, seed: UInt64) throws -> CopyingByLogits {
        var generator = SeededGenerator(seed: seed)
        let prompt = generator.sample(min(count, ids.count, config.context), of: ids)
        let tokens = try Tokens([prompt])
        try tokens.validate(for: config)
        let table = weights.unembedding.weight
        let own = table.indexSelect(0, Tensor(prompt, device: device)).doubled  // [u, d]
        let relative = own - table.to(.float32).mean(0).doubled  // [u, d]
        let read = weights.finalNorm.weight.map { relative * $0.doubled } ?? relative
        let shared = Tensor((0..<config.heads).map { $0 * config.keyValueHeads / config.heads })
        var scores: [Double?] = []
        var values = Tensor.zeros([0])
        try observe(tokens, at: [.v, .pattern]) { site, value in
            if site.kind == .v {
                values = value[0].doubled.transpose(0, 1).indexSelect(0, shared)  // [h, s, e]
                return
            }
            let factors = try HeadFactors(self, layer: site.layer ?? 0)
            // [h, s, e] [h, e, d] [d, u] -> [h, s, u]
            let raised = values.matmul(factors.o).matmul(read.mT).relu()
            let pattern = value[0].doubled  // [h, t, s]
            scores += (0..<config.heads).map { copyingShare(raised[$0], pattern[$0]) }
        }
        return CopyingByLogits(tokens: prompt, heads: heads, scores: scores)
    }
}

/// The score of one head from what each source raises [s, u] and the pattern [t, s].
private func copyingShare(_ raised: Tensor, _ pattern: Tensor) -> Double? {
    let count = raised.size(0)
    let (raised, looks) = (raised.doubles, pattern.sum(0).doubles)  // looks: over all t
    var (total, isDefined) = (0.0, false)
    for source in 0..<count {
        let sum = raised[source * count..<(source + 1) * count].reduce(0, +)
        guard sum > 0 else { continue }
        isDefined = true
        total += looks[source] * raised[source * count + source] / sum
    }
    return isDefined ? total / Double(count) : nil
}
