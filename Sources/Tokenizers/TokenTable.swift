// Token spellings and ids, both ways: all spellings in one buffer, found by a hash of their bytes. Built
// for vocabularies of 50,000 to 260,000 tokens, where one String per token would dominate loading.

/// A vocabulary: spellings in UTF-8 by id, ids by spelling.
struct TokenTable: Sendable {
    /// Ids must stay below this, so that a file with one absurd id cannot ask for gigabytes.
    static let idLimit = 1 << 22

    private var text: [UInt8] = []
    /// Start and end in ``text`` for each id; an empty range at `UInt32.max` marks a hole.
    private var ranges: [(start: UInt32, end: UInt32)] = []
    private var slots: [Int32]
    private(set) var count = 0

    private static let hole = (start: UInt32.max, end: UInt32.max)

    /// Why a token could not be added.
    enum Refusal: Error, Equatable {
        case idOutOfRange
        case idTaken
        case spellingTaken
    }

    /// Creates an empty table with room for a number of tokens.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (capacity * 2).leadingZeroBitCount)
        slots = [Int32](repeating: -1, count: 1 << bits)
        ranges.reserveCapacity(capacity)
        text.reserveCapacity(capacity * 8)
    }

    /// The highest id plus one.
    var idEnd: Int { ranges.count }

    /// Adds a token.
    mutating func add(_ spelling: UnsafeBufferPointer<UInt8>, id: Int) -> Refusal? {
        guard id >= 0, id < Self.idLimit else { return .idOutOfRange }
        if count * 2 >= slots.count { grow() }
        let slot = slot(of: spelling)
        guard slots[slot] < 0 else { return .spellingTaken }
        if ranges.count <= id {
            ranges.append(contentsOf: repeatElement(Self.hole, count: id + 1 - ranges.count))
        }
        guard ranges[id] == Self.hole else { return .idTaken }
        ranges[id] = (UInt32(text.count), UInt32(text.count + spelling.count))
        text.append(contentsOf: spelling)
        slots[slot] = Int32(id)
        count += 1
        return nil
    }

    /// The id of a spelling.
    func id(of spelling: UnsafeBufferPointer<UInt8>) -> Int32? {
        let id = slots[slot(of: spelling)]
        return id < 0 ? nil : id
    }

    /// The id of a spelling.
    func id(of spelling: String) -> Int32? {
        var spelling = spelling
        return spelling.withUTF8 { id(of: $0) }
    }

    /// Whether a token has this id.
    func contains(_ id: Int) -> Bool {
        ranges.indices.contains(id) && ranges[id] != Self.hole
    }

    /// Calls `body` with the spelling of an id, or returns nil if it has none.
    func withSpelling<Result>(of id: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard contains(id) else { return nil }
        let range = Int(ranges[id].start)..<Int(ranges[id].end)
        return text.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The spelling of an id.
    func spelling(of id: Int) -> String? {
        withSpelling(of: id) { String(decoding: $0, as: UTF8.self) }
    }

    private func slot(of spelling: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in spelling { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 29) & mask
        while slots[slot] >= 0, !spells(slots[slot], spelling) { slot = (slot + 1) & mask }
        return slot
    }

    private func spells(_ id: Int32, _ spelling: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = ranges[Int(id)]
        guard Int(range.end - range.start) == spelling.count else { return false }
        let start = Int(range.start)
        for offset in 0..<spelling.count where text[start + offset] != spelling[offset] { return false }
        return true
    }

    private mutating func grow() {
        let ids = slots.filter { $0 >= 0 }
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for id in ids {
            let range = Int(ranges[Int(id)].start)..<Int(ranges[Int(id)].end)
            let free = text.withUnsafeBufferPointer { slot(of: UnsafeBufferPointer(rebasing: $0[range])) }
            slots[free] = id
        }
    }
}
