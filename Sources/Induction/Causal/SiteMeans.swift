// Means of activations over prompts: what mean ablation puts in an activation's place.
//
// By position: the mean over the prompts that reach the position, so that where one prompt alone does it is that
// prompt's own activation. Over all: the mean over every token of every prompt. Pads are no tokens and count nowhere.
import Torch
import Transformers

/// Means at some sites.
struct SiteMeans {
    private let means: [Site: Tensor]  // [1, position or 1, ...], of the model's type

    /// Runs a model on prompts, a few at a time, and adds up what it does at the selected sites; no activation is kept.
    ///
    /// - Throws: `TokensError`, `SelectionError`.
    init(at selectors: [Selector], of tokens: Tokens, in model: Transformer, overPositions: Bool) throws {
        var sums: [Site: Tensor] = [:]  // [position, ...], float64
        for batch in tokens.batches(of: 8) {
            let isToken = batch.lengths.flatMap { length in
                (0..<batch.length).map { $0 < length ? 1 : 0 as Float }
            }
            let mask = Tensor(isToken, [batch.count, batch.length], device: model.device)
            try model.observe(batch, at: selectors) { site, value in
                let ones = [Int](repeating: 1, count: value.shape.count - 2)
                let own = (value.to(.float32) * mask.reshape(mask.shape + ones)).sum(0)
                let sum = sums[site] ?? .zeros([tokens.length] + value.shape[2...], dtype: .float64)
                sum[0..<batch.length].addInPlace(own.to(device: .cpu).to(.float64))
                sums[site] = sum
            }
        }
        let counts = (0..<tokens.length).map { position in Double(tokens.lengths.count { $0 > position }) }
        means = sums.mapValues { sum in
            let ones = [Int](repeating: 1, count: sum.shape.count - 1)
            let mean =
                overPositions
                ? sum.sum(0, keep: true) / counts.reduce(0, +) : sum / Tensor(counts, [counts.count] + ones)
            return mean.to(model.dtype, device: model.device).unsqueeze(0)
        }
    }

    /// Puts the means in the place of what a selector of one layer selects.
    ///
    /// - Parameter length: positions of the prompts that are run.
    func replacing(_ selector: Selector, length: Int) -> Intervention {
        guard let layer = selector.layers?.first, var mean = means[Site(selector.kind, layer: layer)] else {
            preconditionFailure("no means were taken at \(selector)")
        }
        if mean.size(1) > 1 {
            let places = selector.positions ?? Array(0..<length)
            mean = mean.indexSelect(1, Tensor(places, device: mean.device))
        }
        if let heads = selector.heads {
            mean = mean.indexSelect(2, Tensor(heads, device: mean.device))
        }
        return .replace(selector, with: mean)
    }
}
