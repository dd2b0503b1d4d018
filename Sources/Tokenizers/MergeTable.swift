// Merges of byte pair encoding by pair of ids: open addressing over one array, so that a look-up touches
// one cache line most of the time.

/// The rank and the result of each merge.
struct MergeTable: Sendable {
    /// A merge: the rank in the high half, the id it makes in the low half. Lower ranks go first, and
    /// because no two merges share a rank, comparing whole values compares ranks.
    typealias Merge = UInt64

    /// The value for pairs that do not merge: above every merge.
    static let none = UInt64.max

    private var slots: [UInt64]
    private var mask: Int
    private let shift: UInt64

    /// Creates a table with room for a number of merges.
    init(capacity: Int) {
        let bits = max(4, Int.bitWidth - (capacity * 2).leadingZeroBitCount)
        mask = 1 << bits - 1
        shift = UInt64(64 - bits)
        slots = [UInt64](repeating: Self.none, count: 2 << bits)
    }

    static func merge(rank: Int, id: Int32) -> Merge {
        UInt64(rank) << 32 | UInt64(UInt32(bitPattern: id))
    }

    static func rank(of merge: Merge) -> UInt64 { merge >> 32 }

    static func id(of merge: Merge) -> Int32 { Int32(truncatingIfNeeded: merge) }

    /// Sets the merge of a pair; a later one replaces an earlier one.
    mutating func set(_ left: Int32, _ right: Int32, to merge: Merge) {
        let key = Self.key(left, right)
        var slot = firstSlot(key)
        while slots[2 * slot] != Self.none, slots[2 * slot] != key { slot = (slot + 1) & mask }
        slots[2 * slot] = key
        slots[2 * slot + 1] = merge
    }

    /// The merge of a pair, or ``none``.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge {
        let key = Self.key(left, right)
        var slot = firstSlot(key)
        return slots.withUnsafeBufferPointer { slots in
            while true {
                let found = slots[2 * slot]
                if found == key { return slots[2 * slot + 1] }
                if found == Self.none { return Self.none }
                slot = (slot + 1) & mask
            }
        }
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private func firstSlot(_ key: UInt64) -> Int {
        Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }
}
