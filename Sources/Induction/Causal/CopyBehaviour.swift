// Whether a model copies: what it predicts where a token has come before and what followed then follows again.
//
// Quantities, over pairs (t, s) with x_{t+1} = x_{s+1}: copy accuracy, the share with argmax logits[t] = x_{s+1}
// (0..1); loss, the mean cross-entropy of x_{t+1} at t, in nats. Beside them the seed's accuracy, which compares with
// x_t and so is off by one: a model that copies scores 0 on it. A right prediction does not say by which heads.
import Torch
public import Transformers

/// Predictions at copy opportunities, prompt by prompt.
public struct CopyBehaviour: Sendable, Equatable, Codable {
    /// Right predictions: one series.
    public var accuracy: PromptSums
    /// Cross-entropy in nats: one series.
    public var loss: PromptSums
    /// Predictions of the token at t itself, seed 000's off-by-one accuracy: one series.
    public var seedAccuracy: PromptSums

    /// Joins further prompts of the same model, in their order.
    public mutating func append(_ next: CopyBehaviour) {
        accuracy = accuracy.appending(next.accuracy)
        loss = loss.appending(next.loss)
        seedAccuracy = seedAccuracy.appending(next.seedAccuracy)
    }
}

/// Runs `model` on prompts and reads its predictions at copy opportunities.
///
/// - Parameters:
///   - tokens: prompts.
///   - special: ids that are never part of a pair.
///   - heads: heads whose z is set to zero at all positions, value bias included.
///   - batchSize: prompts a forward pass; logits of the positions read are held for one batch.
///   - progress: called with the number of prompts done; what it throws ends the run.
/// - Throws: `TokensError`, `SelectionError` for a head that the model lacks, and what `progress` throws.
public func copyBehaviour(
    of model: Transformer,
    on tokens: Tokens,
    excluding special: Set<Int>,
    zeroing heads: [Head] = [],
    batchSize: Int = 8,
    progress: (Int) throws -> Void = { _ in }
) throws -> CopyBehaviour {
    try tokens.validate(for: model.config)
    let ablation = Dictionary(grouping: heads, by: \.layer).sorted { $0.key < $1.key }.map { layer, heads in
        Intervention.zero(.z.layer(layer).heads(heads.map(\.index)))
    }
    var (hits, losses, seedHits): ([[Double]], [[Double]], [[Double]]) = ([], [], [])
    var counts: [Int] = []
    for batch in tokens.batches(of: batchSize) {
        let pairs = batch.rows.map { row in
            copyPairs(in: row, excluding: special)
                .filter { $0.query + 1 < row.count && row[$0.query + 1] == row[$0.source + 1] }
        }
        let positions = Set(pairs.joined().map(\.query)).sorted()
        let place = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
        // Without a pair there is nothing to read; interventions are still checked.
        let logits = try model.run(batch, applying: ablation, logits: .at(positions)).logits
        for (prompt, (row, own)) in zip(batch.rows, pairs).enumerated() {
            counts.append(own.count)
            guard !own.isEmpty else {
                hits.append([0])
                losses.append([0])
                seedHits.append([0])
                continue
            }
            let places = Tensor(own.compactMap { place[$0.query] }, device: model.device)
            let read = logits[prompt].indexSelect(0, places).to(.float32)  // [pair, vocab]
            let best = read.argmax(-1).to(device: .cpu).ints
            let targets = Tensor(own.map { row[$0.query + 1] }, device: model.device)
            losses.append([read.crossEntropy(targets).to(device: .cpu).to(.float64).sum().scalar])
            hits.append([Double(zip(best, own).count { $0 == row[$1.source + 1] })])
            seedHits.append([Double(zip(best, own).count { $0 == row[$1.query] })])
        }
        try progress(counts.count)
    }
    return CopyBehaviour(
        accuracy: PromptSums(sums: hits, counts: counts),
        loss: PromptSums(sums: losses, counts: counts),
        seedAccuracy: PromptSums(sums: seedHits, counts: counts)
    )
}
