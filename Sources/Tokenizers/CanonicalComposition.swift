// Normalisation form C (Unicode Standard Annex 15) over UTF-8: decompose, put marks in canonical order,
// compose. Linear in the text but for a sort of each run of marks.

/// Brings text into normalisation form C.
struct CanonicalComposition {
    private let data = CanonicalData.shared

    /// Appends the normal form of valid UTF-8.
    ///
    /// A scalar is safe if nothing to its left can touch it and NFC keeps it. Stretches of safe scalars
    /// are copied; unsafe ones are normalised together with the one safe scalar before them.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var copied = 0
        var base = 0
        var index = 0
        while index < bytes.count {
            let (scalar, length) = decodeScalar(bytes, at: index)
            if data.isSafe(scalar) {
                base = index
                index += length
                continue
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<base]))
            index += length
            while index < bytes.count {
                let (next, length) = decodeScalar(bytes, at: index)
                if data.isSafe(next) { break }
                index += length
            }
            normalize(bytes, base..<index, to: &output)
            copied = index
            base = index
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<bytes.count]))
    }

    private func normalize(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        to output: inout [UInt8]
    ) {
        var scalars = decomposed(bytes, range)
        order(&scalars)
        compose(&scalars)
        for scalar in scalars { appendScalar(scalar, to: &output) }
    }

    private func decomposed(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt32] {
        var scalars: [UInt32] = []
        scalars.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = decodeScalar(bytes, at: index)
            index += length
            if let parts = data.decompositions[scalar] {
                scalars.append(contentsOf: parts)
            } else if let syllable = Hangul.index(ofSyllable: scalar) {
                scalars.append(Hangul.leading + syllable / Hangul.perLeading)
                scalars.append(Hangul.vowel + syllable % Hangul.perLeading / Hangul.trailingCount)
                let trailing = syllable % Hangul.trailingCount
                if trailing != 0 { scalars.append(Hangul.trailing + trailing) }
            } else {
                scalars.append(scalar)
            }
        }
        return scalars
    }

    /// Sorts each run of marks by combining class; marks of one class keep their order.
    private func order(_ scalars: inout [UInt32]) {
        var index = 0
        while index < scalars.count {
            guard data.combiningClasses[scalars[index]] != nil else {
                index += 1
                continue
            }
            let start = index
            var keys: [UInt64] = []
            while index < scalars.count, let combining = data.combiningClasses[scalars[index]] {
                // The place in the run below the class makes the sort keep the order of equals.
                keys.append(UInt64(combining) << 56 | UInt64(index - start) << 21 | UInt64(scalars[index]))
                index += 1
            }
            keys.sort()
            for (offset, key) in keys.enumerated() { scalars[start + offset] = UInt32(key & 0x1F_FFFF) }
        }
    }

    /// Replaces each base and mark that compose by their composite, unless a mark of the same or a
    /// higher class, or another base, stands between them.
    private func compose(_ scalars: inout [UInt32]) {
        var written = 0
        var starter = -1
        var lastClass = 0
        for scalar in scalars {
            let combining = Int(data.combiningClasses[scalar] ?? 0)
            let isBlocked = written > starter + 1 && (lastClass == 0 || lastClass >= combining)
            if starter >= 0, !isBlocked, let composite = composite(scalars[starter], scalar) {
                scalars[starter] = composite
                continue
            }
            if combining == 0 { starter = written }
            lastClass = combining
            scalars[written] = scalar
            written += 1
        }
        scalars.removeLast(scalars.count - written)
    }

    private func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if let composite = data.compositions[UInt64(first) << 32 | UInt64(second)] { return composite }
        if (Hangul.leading..<Hangul.leading + 19).contains(first),
            (Hangul.vowel..<Hangul.vowel + 21).contains(second)
        {
            let pair = (first - Hangul.leading) * 21 + second - Hangul.vowel
            return Hangul.syllable + pair * Hangul.trailingCount
        }
        if let syllable = Hangul.index(ofSyllable: first), syllable % Hangul.trailingCount == 0,
            (Hangul.trailing + 1..<Hangul.trailing + Hangul.trailingCount).contains(second)
        {
            return first + second - Hangul.trailing
        }
        return nil
    }
}

/// The arithmetic of Hangul syllables (The Unicode Standard, section 3.12).
private enum Hangul {
    static let syllable: UInt32 = 0xAC00
    static let leading: UInt32 = 0x1100
    static let vowel: UInt32 = 0x1161
    /// One below the first trailing consonant: 0 means none.
    static let trailing: UInt32 = 0x11A7
    static let trailingCount: UInt32 = 28
    static let perLeading: UInt32 = 21 * 28

    static func index(ofSyllable scalar: UInt32) -> UInt32? {
        scalar >= syllable && scalar < syllable + 19 * perLeading ? scalar - syllable : nil
    }
}
