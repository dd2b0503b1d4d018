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
}

/// Runs `model` on prompts without each of some sets of heads, and reads its predictions at copy opportunities.
///
/// - Parameters:
///   - tokens: prompts.
///   - special: ids that are never part of a pair.
///   - sets: heads whose z is set to zero at all positions, value bias included; an empty set is the whole model.
///   - budget: bytes that activations may take; nil takes a part of what is free.
///   - progress: called with the number of sets done; what it throws ends the run.
/// - Returns: one for each set.
/// - Throws: `TokensError`, `SelectionError` for a head that the model lacks, and what `progress` throws.
public func copyBehaviours(
    of model: Transformer,
    on tokens: Tokens,
    excluding special: Set<Int>,
    zeroing sets: [[Head]],
    budget: Int? = nil,
    progress: (Int) throws -> Void = { _ in }
) throws -> [CopyBehaviour] {
    let copies = Copies(in: tokens, excluding: special)
    let ablations = sets.map { heads in
        Dictionary(grouping: heads, by: \.layer).sorted { $0.key < $1.key }.map { layer, heads in
            Intervention.zero(.z.layer(layer).heads(heads.map(\.index)))
        }
    }
    guard !copies.cells.isEmpty else {
        // Nothing to read; prompts and heads are still checked. These runs end before the first block.
        for ablation in ablations { _ = try model.run(tokens, applying: ablation, logits: .none) }
        return sets.map { _ in copies.behaviour([]) }
    }
    let (next, own) = (
        Tensor(copies.next, device: model.device), Tensor(copies.own, device: model.device)
    )
    let edited = sets.indices.filter { !sets[$0].isEmpty }
    let found = try model.sweep(
        tokens,
        variations: edited.map { ablations[$0] },
        reading: copies.cells,
        budget: budget,
        progress: { done, all in try progress(sets.count - edited.count + edited.count * done / all) },
        metric: { logits, cells in
            let rows = Tensor(cells, device: logits.device)
            let (best, right) = (logits.argmax(-1), next.indexSelect(0, rows))
            return .stack(
                [
                    (best .== right).to(.float32), logits.crossEntropy(right),
                    (best .== own.indexSelect(0, rows)).to(.float32),
                ],
                axis: 1
            )
        }
    )
    var result = sets.map { _ in copies.behaviour(found.base) }
    result.place(found.variations.map(copies.behaviour), at: edited)
    return result
}

/// Where prompts have something to copy.
private struct Copies {
    /// Positions t of pairs (t, s) with x_{t+1} = x_{s+1}.
    let cells: [OutputCell]
    /// x_{t+1}
    let next: [Int]
    /// x_t
    let own: [Int]
    private let counts: [Int]  // [prompt]

    init(in tokens: Tokens, excluding special: Set<Int>) {
        let queries = tokens.rows.map { row in
            copyPairs(in: row, excluding: special)
                .filter { $0.query + 1 < row.count && row[$0.query + 1] == row[$0.source + 1] }
                .map(\.query)
        }
        counts = queries.map(\.count)
        cells = queries.enumerated().flatMap { prompt, queries in
            queries.map { OutputCell(prompt: prompt, position: $0) }
        }
        next = cells.map { tokens.rows[$0.prompt][$0.position + 1] }
        own = cells.map { tokens.rows[$0.prompt][$0.position] }
    }

    /// Sums by prompt of hit, loss and seed's hit, [cell][3].
    func behaviour(_ values: [[Double]]) -> CopyBehaviour {
        func sums(_ number: Int) -> PromptSums {
            var sums = counts.map { _ in [0.0] }
            for (cell, value) in zip(cells, values) { sums[cell.prompt][0] += value[number] }
            return PromptSums(sums: sums, counts: counts)
        }
        return CopyBehaviour(accuracy: sums(0), loss: sums(1), seedAccuracy: sums(2))
    }
}
