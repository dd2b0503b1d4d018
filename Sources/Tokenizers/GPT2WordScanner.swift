// The word split of GPT-2, written as a scanner over UTF-8. It finds what this expression finds:
//
//     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// Every byte belongs to exactly one word, and the time is linear in the text.

/// Cuts text into the words that GPT-2's merges never cross.
struct GPT2WordScanner {
    private let classes = ScalarClasses.shared.table

    /// Calls `body` with the byte range of each word of `range`, which must hold valid UTF-8.
    @inline(__always)
    func forEachWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        try classes.withUnsafeBufferPointer { classes in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = Self.wordEnd(bytes, start, range.upperBound, classes)
                try body(start..<end)
                start = end
            }
        }
    }

    @inline(__always)
    private static func wordEnd(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ limit: Int,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let first = bytes[start]
        if first == UInt8(ascii: "'") {
            let length = contractionLength(bytes, start, limit)
            if length > 0 { return start + length }
        }
        // One leading space joins the word after it.
        let hasSpace = first == UInt8(ascii: " ") && start + 1 < limit
        let wordStart = hasSpace ? start + 1 : start
        let (scalar, length) = decodeScalar(bytes, at: wordStart)
        let kind = classes[Int(scalar)] & ScalarClasses.Kind.mask
        if kind == ScalarClasses.Kind.space {
            return spaceEnd(bytes, start, limit, classes)
        }
        var index = wordStart + length
        while index < limit {
            let (scalar, length) = decodeScalar(bytes, at: index)
            if classes[Int(scalar)] & ScalarClasses.Kind.mask != kind { break }
            index += length
        }
        return index
    }

    /// White space runs to the end of the text, or leaves its last scalar to what follows.
    private static func spaceEnd(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ limit: Int,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var index = start
        var last = start
        while index < limit {
            let (scalar, length) = decodeScalar(bytes, at: index)
            if classes[Int(scalar)] & ScalarClasses.Kind.mask != ScalarClasses.Kind.space {
                return last > start ? last : index
            }
            last = index
            index += length
        }
        return limit
    }

    private static func contractionLength(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ limit: Int
    ) -> Int {
        guard start + 1 < limit else { return 0 }
        let second = bytes[start + 1]
        switch second {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            guard start + 2 < limit else { return 0 }
            let third = second == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return bytes[start + 2] == third ? 3 : 0
        default:
            return 0
        }
    }
}
