// Remembers the tokens of words seen earlier in the same text. An entry points into the text and into the
// ids already written, so the cache owns nothing, needs no lock and dies with the call.

/// A direct-mapped cache from words of one text to runs of its ids.
struct WordCache {
    private struct Entry {
        var start: UInt32 = 0
        var length: UInt32 = 0
        var firstID: UInt32 = 0
        var count: UInt32 = 0
    }

    private var entries: [Entry]
    private let shift: UInt64

    /// Creates a cache for a text; texts too short to repeat themselves get none.
    init(textLength: Int) {
        let bits = min(16, max(0, Int.bitWidth - (textLength / 8).leadingZeroBitCount))
        let isUseful = textLength >= 512 && textLength < Int(UInt32.max)
        shift = UInt64(64 - bits)
        entries = isUseful ? [Entry](repeating: Entry(), count: 1 << bits) : []
    }

    /// The slot of a word, and where its ids are if it was seen before.
    @inline(__always)
    func find(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: Range<Int>
    ) -> (slot: Int, ids: Range<Int>?) {
        guard !entries.isEmpty else { return (-1, nil) }
        let slot = Int(Self.hash(bytes, word) >> shift)
        let entry = entries[slot]
        guard Int(entry.length) == word.count else { return (slot, nil) }
        let start = Int(entry.start)
        for offset in 0..<word.count where bytes[start + offset] != bytes[word.lowerBound + offset] {
            return (slot, nil)
        }
        return (slot, Int(entry.firstID)..<Int(entry.firstID + entry.count))
    }

    /// Remembers the ids of a word in a slot from ``find(_:_:)``.
    @inline(__always)
    mutating func store(_ word: Range<Int>, ids: Range<Int>, slot: Int) {
        guard slot >= 0 else { return }
        entries[slot] = Entry(
            start: UInt32(word.lowerBound),
            length: UInt32(word.count),
            firstID: UInt32(ids.lowerBound),
            count: UInt32(ids.count)
        )
    }

    @inline(__always)
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0
        for index in word { hash = (hash ^ UInt64(bytes[index])) &* 0x9E37_79B9_7F4A_7C15 }
        return hash ^ hash >> 32
    }
}
