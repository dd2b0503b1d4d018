// What one pass reads of every prompt's patterns. Made from the tokens of all prompts before the first forward pass,
// because the shuffled-antecedent null pools the lags of all prompts.
public import Transformers

/// Which entries of the patterns of a set of prompts are summed.
public struct PatternPlan: Sendable {
    /// The prompts.
    public let tokens: Tokens
    /// Which earlier copies count.
    public let rule: PairRule
    /// Lag ranges that the scores are taken apart by.
    public let buckets: [LagBucket]
    let special: Set<Int>
    let null: NullPlan?

    /// What nulls need, for each prompt.
    struct NullPlan: Sendable {
        var shuffled: [ShuffledCells]
        var antecedent: [[PatternCell]]
    }

    /// A plan for all four scores.
    ///
    /// - Parameters:
    ///   - tokens: prompts; pads are never scored.
    ///   - special: ids that are never part of a pair (BOS and other special tokens).
    ///   - rule: which earlier copies count.
    ///   - buckets: lag ranges that the scores are read for once more; they may overlap and need not cover all lags.
    ///   - nullSeed: of the null's random positions; nil where no null is wanted.
    public init(
        _ tokens: Tokens,
        excluding special: Set<Int>,
        rule: PairRule = .nearest,
        buckets: [LagBucket] = [],
        nullSeed: UInt64? = nil
    ) {
        self.tokens = tokens
        self.rule = rule
        self.buckets = buckets
        self.special = special
        null = nullSeed.map { seed in
            NullPlan(
                shuffled: shuffledCells(in: tokens.rows, rule: rule, excluding: special),
                antecedent: randomAntecedents(in: tokens.rows, rule: rule, excluding: special, seed: seed)
            )
        }
    }

    /// The rows of one prompt, always as many and in the same order.
    func cells(of prompt: Int) -> [[PatternCell]] {
        let row = tokens.rows[prompt]
        let pairs = copyPairs(in: row, rule: rule, excluding: special)
        var cells = HeadScore.allCases.map { $0.readCells(of: row, rule: rule, excluding: special) }
        for bucket in buckets {
            let inside = pairs.filter { bucket.contains($0.lag) }
            cells += HeadScore.allCases.map { $0.readCells(of: inside) }
        }
        if let null {
            cells.append(null.shuffled[prompt].observed)
            cells += null.shuffled[prompt].slots
            cells.append(null.antecedent[prompt])
        }
        return cells
    }
}
