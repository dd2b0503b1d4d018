// Pre-tokenisers: where a tokenizer may cut before its model looks at the pieces.

/// A pre-tokeniser named in a tokenizer file.
enum PreTokenizer: Sendable, Equatable {
    /// Byte-level pieces; `splitsWords` asks for the split of GPT-2, else a piece stays whole.
    case byteLevel(addsPrefixSpace: Bool, splitsWords: Bool)
    /// Words between white space, which is dropped.
    case whitespaceSplit

    /// Whether a space goes before each piece of text that does not begin with one.
    var addsPrefixSpace: Bool {
        if case .byteLevel(let addsPrefixSpace, _) = self { addsPrefixSpace } else { false }
    }

    /// Calls `body` with the byte range of each word of `range`, which must hold valid UTF-8.
    @inline(__always)
    func forEachWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        switch self {
        case .byteLevel(_, splitsWords: true):
            try GPT2WordScanner().forEachWord(bytes, in: range, body)
        case .byteLevel(_, splitsWords: false):
            try body(range)
        case .whitespaceSplit:
            try Self.forEachWordBetweenSpaces(bytes, in: range, body)
        }
    }

    private static func forEachWordBetweenSpaces(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        let classes = ScalarClasses.shared.table
        var wordStart = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = decodeScalar(bytes, at: index)
            if classes[Int(scalar)] & ScalarClasses.Kind.mask == ScalarClasses.Kind.space {
                if wordStart < index { try body(wordStart..<index) }
                wordStart = index + length
            }
            index += length
        }
        if wordStart < range.upperBound { try body(wordStart..<range.upperBound) }
    }
}
