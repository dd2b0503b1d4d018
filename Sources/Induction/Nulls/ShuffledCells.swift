// Which entries the shuffled-antecedent null reads.
//
// The question is whether a head attends to what followed the earlier copy more than to any other key as far back. So
// a null draw moves the earlier copy elsewhere and reads the same pattern there:
//
// - The lags of all pairs of all prompts are pooled, each weighted by its pairs. A draw turns a prompt's lags through
//   this pool by ONE random share for the whole prompt (prompts are the sampling unit): 0 would be the lag itself,
//   1/2 the lag half the pool further on, past the longest comes the shortest. Where all pairs of a prompt have one
//   lag, as in `repeat`, this is one lag from the pool for all its queries; where lags vary, as in text, the prompt
//   keeps their variety. Shares are tabulated: `ShuffledSums.slotCount` slots, each as probable as the others.
// - A lag l is valid at query t with antecedent s if s' = t - l exists, is not special and holds another token than t,
//   and if the key read, s' + 1, lies before t, holds another token than t (equal tokens attend to each other through
//   the trace of W_QK in any random model), is special only if s + 1 is, and holds a token that has occurred as often
//   up to t as that at s + 1. The last rule matters: what follows an antecedent has mostly been seen once, many other
//   keys twice, and each further occurrence of a key's token takes a share of the softmax away from it. Without it
//   two in five random models without positions come out significant at 0.05.
// - The slot's share is taken among the lags that are valid at the query. Every query is so compared with keys at the
//   same query, which matters because attention to a key falls with the number of keys. Queries with fewer than three
//   valid lags are left out, of the observed value too.
// - As in every randomization test what was observed is one of the arrangements that a draw may give: with n valid lags
//   a draw leaves a prompt's lags where they are with probability 1 / (n + 1), the `ownShare`. Without it p-values are
//   too small: the mean over few other lags is itself uncertain. For the same reason the null's standard deviation
//   and band, which are of the n other lags only, are stretched by the root of (1 + 1/n) / (1 - 1/n).
//
// Measured on random models of one layer (200 models, Kolmogorov-Smirnov): p-values are uniform without positions, with
// rotary ones, and with learned ones of a third of the tokens' size, on `repeat` prompts, and on random tokens, whose
// lags vary inside a prompt. Not covered: a head whose attention depends on pairs of absolute positions (learned positions as large as the tokens) is not null
// at each single cell; prompts that share a lag then err together, and the null is about 1.2 times too narrow.

/// The null's entries of one prompt.
struct ShuffledCells: Sendable, Equatable {
    /// What the observed value reads: [pair].
    var observed: [PatternCell]
    /// What each slot reads in its place: [slot][pair].
    var slots: [[PatternCell]]
    /// How often a null draw leaves the prompt as it is.
    var ownShare: Double
}

/// A lag of the pool with its number of pairs.
private struct PooledLag {
    var lag: Int
    var weight: Double
}

/// Fewest valid lags at a query that is compared.
private let fewestLags = 3

/// The null's entries of every prompt.
func shuffledCells(in prompts: [[Int]], rule: PairRule, excluding special: Set<Int>) -> [ShuffledCells] {
    let pairs = prompts.map { row in
        copyPairs(in: row, rule: rule, excluding: special).filter { $0.source + 1 < $0.query }
    }
    var weights: [Int: Double] = [:]
    for pair in pairs.joined() { weights[pair.lag, default: 0] += 1 }
    let pool = weights.sorted { $0.key < $1.key }.map { PooledLag(lag: $0.key, weight: $0.value) }
    return zip(prompts, pairs).map { shuffledCells(in: $0, pairs: $1, pool: pool, excluding: special) }
}

private func shuffledCells(
    in tokens: [Int],
    pairs: [CopyPair],
    pool: [PooledLag],
    excluding special: Set<Int>
) -> ShuffledCells {
    var names: [Int: Int] = [:]
    let ids = tokens.map { token in
        names[token]
            ?? {
                names[token] = names.count
                return names.count - 1
            }()
    }
    let isSpecial = tokens.map(special.contains)
    var occurrences = [Int](repeating: 0, count: names.count)  // of each id up to the query
    var next = 0
    var cells = ShuffledCells(
        observed: [],
        slots: Array(repeating: [], count: ShuffledSums.slotCount),
        ownShare: 0
    )
    var concentration = 0.0
    for pair in pairs {
        let (t, read) = (pair.query, pair.source + 1)
        while next <= t {
            occurrences[ids[next]] += 1
            next += 1
        }
        let valid = pool.filter { candidate in
            let source = t - candidate.lag
            let key = source + 1
            return source >= 0 && key < t && !isSpecial[source] && ids[source] != ids[t] && ids[key] != ids[t]
                && isSpecial[key] == isSpecial[read] && occurrences[ids[key]] == occurrences[ids[read]]
        }
        guard valid.count >= fewestLags else { continue }
        // Onwards from the pair's own lag, then around.
        let order = valid.filter { $0.lag > pair.lag } + valid.filter { $0.lag < pair.lag }
        let total = order.reduce(0) { $0 + $1.weight }
        var (place, passed, run, squares) = (0, order[0].weight, 0, 0)
        cells.observed.append(PatternCell(query: t, key: read))
        for slot in 0..<ShuffledSums.slotCount {
            let share = (Double(slot) + 0.5) / Double(ShuffledSums.slotCount)
            while passed < share * total && place + 1 < order.count {
                place += 1
                passed += order[place].weight
                squares += run * run
                run = 0
            }
            run += 1
            cells.slots[slot].append(PatternCell(query: t, key: t - order[place].lag + 1))
        }
        squares += run * run
        // 1 / n for n equally weighted lags.
        concentration += Double(squares) / Double(ShuffledSums.slotCount * ShuffledSums.slotCount)
    }
    if !cells.observed.isEmpty {
        concentration /= Double(cells.observed.count)
        cells.ownShare = concentration / (1 + concentration)
    }
    return cells
}

/// For each pair the seed's random antecedent: any earlier position, whatever stands there.
func randomAntecedents(
    in prompts: [[Int]],
    rule: PairRule,
    excluding special: Set<Int>,
    seed: UInt64
) -> [[PatternCell]] {
    var generator = SeededGenerator(seed: seed)
    return prompts.map { row in
        copyPairs(in: row, rule: rule, excluding: special).map { pair in
            PatternCell(query: pair.query, key: generator.integer(in: 0..<pair.query))
        }
    }
}
