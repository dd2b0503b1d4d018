import TestSupport
import Testing

@testable import Tokenizers

@Suite struct BytePairMergerTests {
    /// The definition: the lowest rank anywhere, leftmost first, one merge at a time.
    private func mergedByDefinition(_ symbols: [Int32], _ table: MergeTable) -> [Int32] {
        var symbols = symbols
        while true {
            var best = MergeTable.none
            var place = -1
            for index in 0..<max(0, symbols.count - 1) {
                let merge = table.merge(symbols[index], symbols[index + 1])
                if merge < best { (best, place) = (merge, index) }
            }
            guard place >= 0 else { return symbols }
            symbols.replaceSubrange(place...place + 1, with: [MergeTable.id(of: best)])
        }
    }

    @Test(arguments: [1, 2, 5, 30, 48, 49, 60, 300])
    func scanAndHeapDoWhatTheDefinitionSays(length: Int) {
        var generator = SplitMix(seed: UInt64(length))
        for _ in 0..<40 {
            // Few letters and many merges in random order, so that most neighbours merge and chains of
            // merges compete: what a long word does to candidates that went stale.
            var table = MergeTable(capacity: 60)
            for (made, rank) in (4..<Int32(64)).shuffled(using: &generator).enumerated().map({ ($1, $0) }) {
                let range = 0..<min(made, 12)
                table.set(
                    Int32.random(in: range, using: &generator),
                    Int32.random(in: range, using: &generator),
                    to: MergeTable.merge(rank: rank, id: made)
                )
            }
            let symbols = (0..<length).map { _ in Int32.random(in: 0..<4, using: &generator) }
            var merger = BytePairMerger()
            merger.symbols = symbols
            merger.merge(table)
            #expect(merger.symbols == mergedByDefinition(symbols, table))
        }
    }

    @Test func equalPairsMergeFromTheLeft() {
        var table = MergeTable(capacity: 1)
        table.set(0, 0, to: MergeTable.merge(rank: 0, id: 1))
        var merger = BytePairMerger()
        merger.symbols = [0, 0, 0]
        merger.merge(table)
        #expect(merger.symbols == [1, 0])
    }

    @Test func aLaterMergeOfAPairReplacesAnEarlierOne() {
        var table = MergeTable(capacity: 2)
        table.set(1, 2, to: MergeTable.merge(rank: 0, id: 3))
        table.set(1, 2, to: MergeTable.merge(rank: 9, id: 4))
        #expect(MergeTable.id(of: table.merge(1, 2)) == 4)
        #expect(MergeTable.rank(of: table.merge(1, 2)) == 9)
        #expect(table.merge(2, 1) == MergeTable.none)
    }
}
