// One pass, all scores: every pattern is reduced as it comes to the sums that scores, lag buckets, nulls and bootstrap
// are made of, and dropped.
import Torch
public import Transformers

/// What one pass leaves of the patterns of a set of prompts: per-prompt sums for every head of the model.
public struct CollectedPatterns: Sendable, Equatable, Codable {
    /// The scores of one lag range.
    public struct Bucket: Sendable, Equatable, Codable {
        /// The lags.
        public var lags: LagBucket
        /// Sums by score; series are the heads, block by block.
        public var scores: [HeadScore: PromptSums]
    }

    /// Every head, block by block: the series of all sums.
    public var heads: [Head]
    /// Which earlier copies counted.
    public var rule: PairRule
    /// Sums by score.
    public var scores: [HeadScore: PromptSums]
    /// The same where only pairs of some lags count. `previous` and `first` are read at those pairs' later tokens.
    public var buckets: [Bucket]
    /// What the shuffled-antecedent null is drawn from; nil where no null was asked for.
    public var shuffled: ShuffledSums?
    /// The seed's `antecedent` variant: A[t, s] with s at a random earlier position; nil where no null was asked for.
    public var antecedent: PromptSums?

    /// Number of prompts.
    public var promptCount: Int { scores[.previous]?.counts.count ?? 0 }

    /// Joins what further prompts of the same plan and model left, in their order: a pass may be interrupted between
    /// two batches and go on later.
    public mutating func append(_ next: CollectedPatterns) {
        precondition(
            heads == next.heads && rule == next.rule && buckets.map(\.lags) == next.buckets.map(\.lags),
            "sums of another model or plan"
        )
        scores.merge(next.scores) { $0.appending($1) }
        for index in buckets.indices {
            buckets[index].scores.merge(next.buckets[index].scores) { $0.appending($1) }
        }
        if let more = next.shuffled { shuffled?.append(more) }
        if let more = next.antecedent { antecedent = antecedent?.appending(more) }
    }
}

/// Reads the patterns of every head of `model` as `plan` says: one forward pass a batch, which ends at the last layer's
/// pattern; patterns are never kept.
///
/// - Parameters:
///   - prompts: the prompts to read; nil for all of the plan.
///   - batchSize: prompts a forward pass.
///   - progress: called after each batch with the number of prompts done; what it throws ends the pass.
/// - Throws: `TokensError`, and what `progress` throws.
public func collectPatterns(
    of model: Transformer,
    reading plan: PatternPlan,
    prompts: Range<Int>? = nil,
    batchSize: Int = 8,
    progress: (Int) throws -> Void = { _ in }
) throws -> CollectedPatterns {
    try plan.tokens.validate(for: model.config)
    return try collectPatterns(
        of: model.heads,
        reading: plan,
        prompts: prompts ?? 0..<plan.tokens.count,
        batchSize: batchSize,
        device: model.device,
        progress: progress
    ) { batch, reduce in
        try model.observe(Tokens(Array(plan.tokens.rows[batch])), at: [.pattern]) { _, pattern in
            reduce(pattern)
        }
    }
}

/// The same over patterns from anywhere: `show` hands those of a batch of prompts, [batch, head, query, key], to its
/// second argument, layer by layer.
func collectPatterns(
    of heads: [Head],
    reading plan: PatternPlan,
    prompts: Range<Int>,
    batchSize: Int,
    device: Device,
    progress: (Int) throws -> Void = { _ in },
    show: (Range<Int>, (Tensor) -> Void) throws -> Void
) throws -> CollectedPatterns {
    precondition(batchSize > 0 && prompts.clamped(to: 0..<plan.tokens.count) == prompts, "prompts \(prompts)")
    var rows: [PromptSums] = []
    for start in stride(from: prompts.lowerBound, to: prompts.upperBound, by: batchSize) {
        let batch = start..<min(start + batchSize, prompts.upperBound)
        let cells = batch.map(plan.cells)
        let width = cells[0].count
        let reduce = PatternSums(
            cells.enumerated().flatMap { prompt, rows in rows.map { PatternRow(prompt: prompt, cells: $0) } },
            heads: heads.count { $0.layer == 0 },
            device: device
        )
        var sums = [[Double]](repeating: [], count: cells.count * width)
        try show(batch) { pattern in
            for (row, heads) in reduce(pattern).enumerated() { sums[row] += heads }
        }
        if rows.isEmpty { rows = Array(repeating: PromptSums(), count: width) }
        for (prompt, own) in cells.enumerated() {
            for (row, cells) in own.enumerated() {
                rows[row].sums.append(sums[prompt * width + row])
                rows[row].counts.append(Set(cells.map(\.query)).count)
            }
        }
        try progress(batch.upperBound - prompts.lowerBound)
    }
    return CollectedPatterns(rows, of: heads, plan, prompts)
}

extension CollectedPatterns {
    /// Gives names to the rows of `PatternPlan.cells`.
    fileprivate init(_ rows: [PromptSums], of heads: [Head], _ plan: PatternPlan, _ prompts: Range<Int>) {
        var rest = rows[...]
        func scores() -> [HeadScore: PromptSums] {
            Dictionary(uniqueKeysWithValues: HeadScore.allCases.map { ($0, rest.popFirst() ?? PromptSums()) })
        }
        self.heads = heads
        rule = plan.rule
        self.scores = scores()
        buckets = plan.buckets.map { Bucket(lags: $0, scores: scores()) }
        guard let null = plan.null else { return }
        let observed = rest.popFirst() ?? PromptSums()
        let slots = (0..<ShuffledSums.slotCount).map { _ in rest.popFirst() ?? PromptSums() }
        shuffled = ShuffledSums(
            observed: observed,
            slots: prompts.indices.map { prompt in slots.map { $0.sums[prompt - prompts.lowerBound] } },
            ownShare: prompts.map { null.shuffled[$0].ownShare }
        )
        antecedent = rest.popFirst()
    }
}
