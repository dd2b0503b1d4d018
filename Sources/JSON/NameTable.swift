// The names of one large object by a hash of their bytes: open addressing over one array. The hash is the
// standard library's, seeded anew in every process, so that no file can be made to collide.

/// Where the names of an object are among the nodes.
struct NameTable: Sendable {
    /// Indices of names; 0, which is never a name, where a slot is free.
    private var slots: [UInt32]

    /// A table for that many names.
    init(capacity: Int) {
        let bits = Int.bitWidth - (capacity * 2).leadingZeroBitCount
        slots = [UInt32](repeating: 0, count: 1 << bits)
    }

    /// Adds a name; false if one of the same text is there. `isSame` compares with the name at an index.
    mutating func insert(_ name: Int, _ text: UnsafeBufferPointer<UInt8>, isSame: (Int) -> Bool) -> Bool {
        let slot = slot(of: text, isSame)
        guard slots[slot] == 0 else { return false }
        slots[slot] = UInt32(name)
        return true
    }

    /// The index of the name with that text.
    func name(_ text: UnsafeBufferPointer<UInt8>, isSame: (Int) -> Bool) -> Int? {
        let name = slots[slot(of: text, isSame)]
        return name == 0 ? nil : Int(name)
    }

    /// The slot of a name, or the free one where it belongs.
    private func slot(of text: UnsafeBufferPointer<UInt8>, _ isSame: (Int) -> Bool) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(text))
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] != 0, !isSame(Int(slots[slot])) { slot = (slot + 1) & mask }
        return slot
    }
}
