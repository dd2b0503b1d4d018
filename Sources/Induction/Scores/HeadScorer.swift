// The scorecard: all four scores of every head, from one pass, with intervals over prompts.
public import Transformers

/// One head with its scores.
public struct ScoredHead: Sendable, Equatable {
    /// Which head.
    public var head: Head
    /// Its scores.
    public var scores: [HeadScore: Estimate]

    /// The mean of a score, 0 where there was nothing to average.
    func mean(_ score: HeadScore) -> Double { scores[score]?.mean ?? 0 }
}

/// Scores of every head of a model on a set of prompts.
public struct HeadScores: Sendable, Equatable {
    /// Heads, block by block.
    public var heads: [ScoredHead]
    /// Which earlier copies counted.
    public var rule: PairRule
    /// Number of prompts.
    public var promptCount: Int

    /// Heads from the highest score to the lowest; equal ones in the order of the model.
    public func ranked(by score: HeadScore) -> [ScoredHead] {
        heads.sorted { ($1.mean(score), $0.head) < ($0.mean(score), $1.head) }
    }

    /// One score as rows of layers: [layer][head]; nil where there was nothing to average.
    public func matrix(_ score: HeadScore) -> [[Double?]] {
        let layers = (heads.map(\.head.layer).max() ?? -1) + 1
        return (0..<layers).map { layer in
            heads.filter { $0.head.layer == layer }.map { $0.scores[score]?.mean }
        }
    }
}

/// Scores every head of `model`: one forward pass a batch, patterns reduced as they come and never kept.
///
/// - Parameters:
///   - tokens: prompts; pads are never scored.
///   - special: ids that are never part of a pair (BOS and other special tokens).
///   - rule: which earlier copies count.
///   - batchSize: prompts a forward pass.
///   - seed: of the bootstrap's resamples.
///   - progress: called with the number of prompts done.
/// - Throws: `TokensError`, and what `progress` throws.
public func scoreHeads(
    of model: Transformer,
    on tokens: Tokens,
    excluding special: Set<Int>,
    rule: PairRule = .nearest,
    batchSize: Int = 8,
    seed: UInt64 = 0,
    progress: (Int) throws -> Void = { _ in }
) throws -> HeadScores {
    let plan = PatternPlan(tokens, excluding: special, rule: rule)
    return try collectPatterns(of: model, reading: plan, batchSize: batchSize, progress: progress)
        .headScores(PromptBootstrap(promptCount: tokens.count, seed: seed))
}

extension CollectedPatterns {
    /// The scorecard, with intervals from these resamples.
    public func headScores(_ bootstrap: PromptBootstrap) -> HeadScores {
        let estimates = scores.mapValues { bootstrap.estimates(sums: $0.sums, counts: $0.counts) }
        let scored = heads.enumerated().map { index, head in
            ScoredHead(head: head, scores: estimates.mapValues { $0[index] })
        }
        return HeadScores(heads: scored, rule: rule, promptCount: promptCount)
    }
}
