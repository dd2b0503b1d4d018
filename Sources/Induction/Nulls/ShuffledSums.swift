// What a pass leaves for the shuffled-antecedent null (`ShuffledCells.swift` says what is read).

/// Sums of the observed entries and of those that null draws read in their place, at the same queries.
public struct ShuffledSums: Sendable, Equatable, Codable {
    /// Shares of the lag pool that are tabulated, each as probable as the others.
    public static let slotCount = 16

    /// Observed sums, at queries that have null keys: series are the heads.
    public var observed: PromptSums
    /// Null sums in their place: [prompt][slot][head].
    public var slots: [[[Double]]]
    /// How often a null draw leaves a prompt as it is: [prompt].
    public var ownShare: [Double]

    /// Pairs that are compared; others have fewer than three lags to compare with.
    public var pairs: Int { observed.counts.reduce(0, +) }

    mutating func append(_ next: ShuffledSums) {
        observed = observed.appending(next.observed)
        slots += next.slots
        ownShare += next.ownShare
    }

    /// Prompts that have any pair to compare.
    private var compared: [Int] { slots.indices.filter { observed.counts[$0] > 0 } }

    /// Hands the scores of each of some arrangements to `body`, [head]: each prompt takes one of its slots or, as often
    /// as its `ownShare` says, its observed values.
    ///
    /// A plain loop over rows that lie in the cache: a product with one-hot matrices does `slotCount` times the work.
    func forEachArrangement(_ draws: Int, seed: UInt64, _ body: (UnsafeBufferPointer<Double>) -> Void) {
        let cuts = compared.map { Int((ownShare[$0] * Double(Self.draws)).rounded()) }
        forEachDraw(draws, of: compared.map { slots[$0] + [observed.sums[$0]] }, seed: seed, body) {
            prompt,
            byte in
            byte < cuts[prompt]
                ? Self.slotCount : (byte - cuts[prompt]) * Self.slotCount / (Self.draws - cuts[prompt])
        }
    }

    /// The same without the observed values, stretched about each prompt's mean to the spread that an observed value
    /// would have.
    func forEachNullDraw(_ draws: Int, seed: UInt64, _ body: (UnsafeBufferPointer<Double>) -> Void) {
        let rows = compared.map { prompt in
            let means = slotMeans(prompt)
            return slots[prompt].map { zip($0, means).map { $1 + stretch(prompt) * ($0 - $1) } }
        }
        forEachDraw(draws, of: rows, seed: seed, body) { _, byte in byte * Self.slotCount / Self.draws }
    }

    /// Mean and standard deviation of null draws, exact: [head].
    func nullMoments() -> (means: [Double], deviations: [Double]) {
        var means = [Double](repeating: 0, count: observed.sums.first?.count ?? 0)
        var variances = means
        for prompt in compared {
            let center = slotMeans(prompt)
            for head in means.indices {
                means[head] += center[head] / Double(pairs)
                let squares = slots[prompt].reduce(0) {
                    $0 + ($1[head] - center[head]) * ($1[head] - center[head])
                }
                let scale = stretch(prompt) / Double(pairs)
                variances[head] += scale * scale * squares / Double(Self.slotCount)
            }
        }
        return (means, variances.map { $0.squareRoot() })
    }

    private func slotMeans(_ prompt: Int) -> [Double] {
        PromptSums(sums: slots[prompt], counts: slots[prompt].map { _ in 1 }).means ?? []
    }

    /// sqrt((1 + 1/n) / (1 - 1/n)) with 1 / (n + 1) the own share.
    private func stretch(_ prompt: Int) -> Double {
        let concentration = ownShare[prompt] / (1 - ownShare[prompt])
        return ((1 + concentration) / (1 - concentration)).squareRoot()
    }

    /// Values that a prompt's draw takes: one byte, so that a random number serves eight prompts.
    private static let draws = 256

    /// Sums over prompts of rows that random bytes pick, as means over all pairs.
    private func forEachDraw(
        _ draws: Int,
        of rows: [[[Double]]],
        seed: UInt64,
        _ body: (UnsafeBufferPointer<Double>) -> Void,
        row: (_ prompt: Int, _ byte: Int) -> Int
    ) {
        let heads = rows.first?.first?.count ?? 0
        let total = Double(pairs)
        let table = rows.flatMap { $0.flatMap { $0.map { $0 / total } } }
        // Where the row that each byte picks begins.
        var starts: [Int] = []
        var first = 0
        for (prompt, own) in rows.enumerated() {
            starts += (0..<Self.draws).map { (first + row(prompt, $0)) * heads }
            first += own.count
        }
        var generator = SeededGenerator(seed: seed)
        var scores = [Double](repeating: 0, count: heads)
        table.withUnsafeBufferPointer { table in
            scores.withUnsafeMutableBufferPointer { scores in
                for _ in 0..<draws {
                    scores.update(repeating: 0)
                    var bits: UInt64 = 0
                    for prompt in rows.indices {
                        if prompt % 8 == 0 { bits = generator.next() }
                        let start = starts[prompt * Self.draws + Int(bits & 255)]
                        bits >>= 8
                        for head in 0..<heads { scores[head] += table[start &+ head] }
                    }
                    body(UnsafeBufferPointer(scores))
                }
            }
        }
    }
}
