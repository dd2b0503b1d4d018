// Prompts mined from text with matched counterfactuals: the same window, tokens replaced by equally frequent ones.
import Transformers

extension CausalPrompts {
    /// Prompts mined from a text.
    ///
    /// What is replaced in the corrupted prompt is as for made prompts: with `last` one token, the first A or B or the
    /// last A. The replacement is the text's token of the nearest rank by frequency that is not in the window; of two
    /// as near, the one whose count is nearer, then the more frequent.
    ///
    /// - Parameters:
    ///   - recipe: what is looked for; the same recipe finds the same prompts in the same text.
    ///   - corpus: the text as token ids.
    ///   - bosTokenID: put before every prompt; nil for none.
    ///   - special: ids that are neither in a window nor a replacement.
    ///   - corruption: how the corrupted prompts break the pattern; nil makes none.
    ///   - positions: what is read.
    /// - Throws: `PromptError.noPrompts`, `NaturalRecipeError`.
    public init(
        _ recipe: NaturalRecipe,
        corpus: [Int],
        bosTokenID: Int?,
        excluding special: Set<Int>,
        corruption: Corruption? = nil,
        positions: ReadPositions = .last
    ) throws {
        let special = special.union([bosTokenID].compactMap { $0 })
        let bos = [bosTokenID].compactMap { $0 }
        let prompts = try recipe.windows(in: corpus, excluding: special).map { start in
            CuedPrompt(
                tokens: bos + corpus[start..<start + recipe.length],
                answer: corpus[start + recipe.length],
                special: special
            )
        }
        lazy var ranks = FrequencyRanks(of: corpus, excluding: special)
        try self.init(prompts, corruption, positions) { replaced, index in
            var taken = Set(prompts[index].extended)
            var others: [Int: Int] = [:]
            for id in replaced {
                guard let other = ranks.neighbour(of: id, notIn: taken) else {
                    throw NaturalRecipeError.noReplacement(prompt: index)
                }
                taken.insert(other)
                others[id] = other
            }
            return others
        }
    }
}

/// The tokens of a text by how often they come.
struct FrequencyRanks {
    private let ids: [Int]  // the most frequent first, equals by id
    private let counts: [Int: Int]
    private let rank: [Int: Int]

    init(of corpus: [Int], excluding special: Set<Int>) {
        var counts: [Int: Int] = [:]
        for id in corpus { counts[id, default: 0] += 1 }
        for id in special { counts[id] = nil }
        self.counts = counts
        ids = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        rank = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    }

    /// The token of the nearest rank that is not taken; nil where all are.
    func neighbour(of id: Int, notIn taken: Set<Int>) -> Int? {
        guard let rank = rank[id], let count = counts[id] else { return nil }
        for distance in 1..<max(ids.count, 2) {
            let near = [rank - distance, rank + distance]
                .filter { ids.indices.contains($0) && !taken.contains(ids[$0]) }
                .map { ids[$0] }
            func gap(_ id: Int) -> Int { abs((counts[id] ?? 0) - count) }
            // The first of equals is the more frequent.
            if let other = near.min(by: { gap($0) < gap($1) }) { return other }
        }
        return nil
    }
}
