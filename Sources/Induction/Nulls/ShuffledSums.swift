// What a pass leaves for the shuffled-antecedent null (`ShuffledCells.swift` says what is read).

/// Sums of the observed entries and of those that null draws read in their place, at the same queries.
public struct ShuffledSums: Sendable, Equatable, Codable {
    /// Shares of the lag pool that are tabulated, each as probable as the others; a power of two.
    public static let slotCount = 16

    /// Observed sums, at queries that have null keys: series are the heads.
    public var observed: PromptSums
    /// Null sums in their place: [prompt][slot][head].
    public var slots: [[[Double]]]
    /// Factor by which null draws are stretched about their mean over the slots: [prompt].
    public var stretch: [Double]

    /// Pairs that are compared; others have fewer than three lags to compare with.
    public var pairs: Int { observed.counts.reduce(0, +) }

    mutating func append(_ next: ShuffledSums) {
        observed = observed.appending(next.observed)
        slots += next.slots
        stretch += next.stretch
    }

    /// The values that null draws add up, as shares of the mean over all prompts: [prompt, slot, head] in one list.
    /// Only prompts that have any.
    func contributions() -> [Double] {
        let total = Double(pairs)
        return slots.indices.filter { observed.counts[$0] > 0 }.flatMap { prompt -> [Double] in
            let rows = slots[prompt]
            let means = PromptSums(sums: rows, counts: rows.map { _ in 1 }).means ?? []
            return rows.flatMap { row in
                zip(row, means).map { value, mean in (mean + stretch[prompt] * (value - mean)) / total }
            }
        }
    }
}
