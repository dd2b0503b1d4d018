// The merging of byte pair encoding: again and again the pair of the lowest rank, the leftmost of equals.
// Short words scan a list of ranks; long ones keep the candidates in a heap, so that even a text without
// a single space takes n log n steps.

/// Merges the symbols of one word; keeps its buffers from word to word.
struct BytePairMerger {
    /// Words up to this many symbols are scanned: below it, shifting a short array beats a heap.
    private static let scanLimit = 48

    /// The symbols of the word: in, what it is made of; out, its tokens.
    var symbols: [Int32] = []
    private var merges: [MergeTable.Merge] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var heap = MinHeap()

    /// Merges ``symbols`` as far as the table goes.
    mutating func merge(_ table: MergeTable) {
        if symbols.count <= Self.scanLimit {
            mergeByScan(table)
        } else {
            mergeByHeap(table)
        }
    }

    private mutating func mergeByScan(_ table: MergeTable) {
        merges.removeAll(keepingCapacity: true)
        for index in 0..<max(0, symbols.count - 1) {
            merges.append(table.merge(symbols[index], symbols[index + 1]))
        }
        while true {
            var best = MergeTable.none
            var place = 0
            for index in merges.indices where merges[index] < best {
                best = merges[index]
                place = index
            }
            guard best != MergeTable.none else { return }
            symbols[place] = MergeTable.id(of: best)
            symbols.remove(at: place + 1)
            merges.remove(at: place)
            if place > 0 { merges[place - 1] = table.merge(symbols[place - 1], symbols[place]) }
            if place + 1 < symbols.count { merges[place] = table.merge(symbols[place], symbols[place + 1]) }
        }
    }

    private mutating func mergeByHeap(_ table: MergeTable) {
        let count = symbols.count
        next = (1...Int32(count)).map { $0 }
        previous = (-1..<Int32(count) - 1).map { $0 }
        heap.removeAll()
        for index in 0..<count - 1 { push(table, index, index + 1) }
        while let candidate = heap.popSmallest() {
            let place = Int(candidate & 0xFFFF_FFFF)
            let neighbour = Int(next[place])
            guard symbols[place] >= 0, neighbour < count else { continue }
            let merge = table.merge(symbols[place], symbols[neighbour])
            // A candidate whose symbols have changed since has another rank by now.
            guard merge != MergeTable.none, MergeTable.rank(of: merge) == candidate >> 32 else { continue }
            symbols[place] = MergeTable.id(of: merge)
            symbols[neighbour] = -1
            let after = Int(next[neighbour])
            next[place] = Int32(after)
            if after < count {
                previous[after] = Int32(place)
                push(table, place, after)
            }
            if previous[place] >= 0 { push(table, Int(previous[place]), place) }
        }
        symbols.removeAll { $0 < 0 }
    }

    @inline(__always)
    private mutating func push(_ table: MergeTable, _ left: Int, _ right: Int) {
        let merge = table.merge(symbols[left], symbols[right])
        guard merge != MergeTable.none else { return }
        heap.push(MergeTable.rank(of: merge) << 32 | UInt64(left))
    }
}

/// A binary heap of numbers, smallest first.
private struct MinHeap {
    private var items: [UInt64] = []

    mutating func removeAll() { items.removeAll(keepingCapacity: true) }

    mutating func push(_ item: UInt64) {
        items.append(item)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard item < items[parent] else { break }
            items[child] = items[parent]
            child = parent
        }
        items[child] = item
    }

    mutating func popSmallest() -> UInt64? {
        guard let smallest = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return smallest }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < last else { break }
            items[parent] = items[child]
            parent = child
        }
        items[parent] = last
        return smallest
    }
}
