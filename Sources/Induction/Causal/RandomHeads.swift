// Random heads to compare tested heads with: as many, in the same layers, none of them tested.
public import Transformers

/// Sets of random heads.
public struct RandomHeads: Sendable, Equatable, Codable {
    /// Distinct sets, each of as many heads as were tested; heads in order.
    public var sets: [[Head]]
    /// Whether every set has as many heads in each layer as the tested one. Where a layer has too few others, its share
    /// is drawn from all layers, and outputs say so.
    public var isLayerMatched: Bool

    /// Draws sets, or fewer where fewer exist.
    ///
    /// - Parameters:
    ///   - tested: the heads that none of the sets may hold.
    ///   - all: every head of the model.
    ///   - draws: number of sets wanted.
    ///   - seed: of the draws.
    public init(matching tested: [Head], among all: [Head], draws: Int = 30, seed: UInt64) {
        let tested = Set(tested)
        let others = all.filter { !tested.contains($0) }
        let needed = Dictionary(grouping: tested, by: \.layer).mapValues(\.count).sorted { $0.key < $1.key }
        let matched = needed.filter { layer, count in others.count { $0.layer == layer } >= count }
        isLayerMatched = matched.count == needed.count
        sets = []
        guard others.count >= tested.count, !tested.isEmpty else { return }
        var generator = SeededGenerator(seed: seed)
        var known: Set<[Head]> = []
        // There may be fewer sets than are wanted. Of 30 sets the last one is missed by a thousand draws in a row once
        // in 10^14 times.
        var misses = 0
        while sets.count < draws && misses < 1000 {
            var set: Set<Head> = []
            for (layer, count) in matched {
                set.formUnion(generator.sample(count, of: others.filter { $0.layer == layer }))
            }
            let missing = tested.count - set.count
            if missing > 0 {
                set.formUnion(generator.sample(missing, of: others.filter { !set.contains($0) }))
            }
            let heads = set.sorted()
            if known.insert(heads).inserted {
                sets.append(heads)
                misses = 0
            } else {
                misses += 1
            }
        }
    }
}
