// Pre-tokenisers: what a tokenizer does to the texts between added tokens before its model sees them.

/// The pre-tokenisers named in a tokenizer file.
struct PreTokenizer: Sendable, Equatable {
    /// What is put before a text.
    enum Prefix: Sendable, Equatable {
        case nothing
        /// A space, unless the text begins with one (`ByteLevel`).
        case space
        /// The mark that stands for a space, unless the text begins with one (`Metaspace`).
        case mark(onlyAtStart: Bool)
    }

    var prefix = Prefix.nothing
    /// The mark that takes the place of every space, if one does (`Metaspace`).
    var mark: [UInt8]?
    /// How texts are cut: each split cuts the pieces of the one before.
    var splits: [PieceSplit] = []
    /// Whether the model sees bytes in a printable alphabet.
    var isByteLevel = false

    /// Whether texts reach the splits as they are.
    var leavesUnchanged: Bool { prefix == .nothing && mark == nil }

    /// Appends a text as the splits see it. `isAtStart` says whether nothing stands before it.
    func append(_ text: UnsafeBufferPointer<UInt8>, isAtStart: Bool, to output: inout [UInt8]) {
        let space = [UInt8(ascii: " ")]
        let start = output.count
        if let mark {
            output.append(text, replacing: space, with: mark)
        } else {
            output.append(contentsOf: text)
        }
        let first = mark ?? space
        switch prefix {
        case .nothing: return
        case .mark(onlyAtStart: true) where !isAtStart: return
        default: if !output[start...].starts(with: first) { output.insert(contentsOf: first, at: start) }
        }
    }

    /// Calls `body` with the byte range of each word of `range`, which must hold valid UTF-8.
    @inline(__always)
    func forEachWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        switch splits.count {
        case 0: try body(range)
        case 1: try splits[0].forEachPiece(bytes, in: range, body)
        default: try forEachWord(bytes, in: range, from: 0, body)
        }
    }

    private func forEachWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        in range: Range<Int>,
        from first: Int,
        _ body: (Range<Int>) throws -> Void
    ) rethrows {
        guard first < splits.count else { return try body(range) }
        try splits[first].forEachPiece(bytes, in: range) {
            try forEachWord(bytes, in: $0, from: first + 1, body)
        }
    }
}
