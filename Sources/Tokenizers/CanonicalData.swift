// Canonical decompositions, compositions and combining classes, unpacked from UnicodeTables.

/// What canonical normalisation needs to know about scalars; Hangul syllables are computed instead.
struct CanonicalData: Sendable {
    static let shared = CanonicalData()

    /// Full decompositions: nothing in them decomposes further.
    private(set) var decompositions: [UInt32: [UInt32]] = [:]
    /// Composites by first and second part, packed as `first << 32 | second`.
    private(set) var compositions: [UInt64: UInt32] = [:]
    /// Combining classes other than 0.
    private(set) var combiningClasses: [UInt32: UInt8] = [:]
    /// One bit for each scalar that NFC may change, or that may combine with or move before what stands
    /// to its left.
    private var unsafeBits = [UInt64](repeating: 0, count: 0x110000 / 64)

    private init() {
        var parts: [UInt32: [UInt32]] = [:]
        for (table, composes) in [(UnicodeTables.compositions, true), (UnicodeTables.exclusions, false)] {
            let numbers = UnicodeTables.numbers(in: table)
            var composite = 0
            for entry in stride(from: 0, to: numbers.count, by: 3) {
                composite += numbers[entry]
                let first = UInt32(numbers[entry + 1])
                let second = UInt32(numbers[entry + 2])
                parts[UInt32(composite)] = [first, second]
                if composes {
                    compositions[UInt64(first) << 32 | UInt64(second)] = UInt32(composite)
                    markUnsafe(second)
                } else {
                    markUnsafe(UInt32(composite))
                }
            }
        }
        let singletons = UnicodeTables.numbers(in: UnicodeTables.singletons)
        var scalar = 0
        var target = 0
        for entry in stride(from: 0, to: singletons.count, by: 2) {
            scalar += singletons[entry]
            target += singletons[entry + 1]
            parts[UInt32(scalar)] = [UInt32(target)]
            markUnsafe(UInt32(scalar))
        }
        let runs = UnicodeTables.numbers(in: UnicodeTables.combiningClasses)
        var start = 0
        for entry in stride(from: 0, to: runs.count, by: 3) {
            start += runs[entry]
            for mark in start..<start + runs[entry + 1] {
                combiningClasses[UInt32(mark)] = UInt8(runs[entry + 2])
                markUnsafe(UInt32(mark))
            }
            start += runs[entry + 1]
        }
        // Hangul vowels and trailing consonants combine with the syllable before them.
        for scalar in UInt32(0x1161)...0x1175 { markUnsafe(scalar) }
        for scalar in UInt32(0x11A8)...0x11C2 { markUnsafe(scalar) }
        for composite in parts.keys {
            let full = Self.full(composite, parts)
            decompositions[composite] = full
            if let first = full.first, !isSafe(first) { markUnsafe(composite) }
        }
    }

    /// Whether NFC keeps the scalar and nothing to its left can touch it.
    @inline(__always)
    func isSafe(_ scalar: UInt32) -> Bool {
        unsafeBits[Int(scalar >> 6)] & 1 << UInt64(scalar & 63) == 0
    }

    private mutating func markUnsafe(_ scalar: UInt32) {
        unsafeBits[Int(scalar >> 6)] |= 1 << UInt64(scalar & 63)
    }

    private static func full(_ scalar: UInt32, _ parts: [UInt32: [UInt32]]) -> [UInt32] {
        guard let pieces = parts[scalar] else { return [scalar] }
        return pieces.flatMap { full($0, parts) }
    }
}
