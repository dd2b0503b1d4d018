// The models that turn a word into ids.

/// A model named in a tokenizer file.
enum TokenModel: Sendable {
    case bytePairs(BytePairModel)
    case wordLevel(WordLevel)

    /// Appends the ids of some pieces of text.
    ///
    /// - Throws: ``TokenizerError`` if a word has no ids.
    func encode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ pieces: [TextPiece],
        preTokenizer: PreTokenizer,
        to ids: inout [Int]
    ) throws {
        switch self {
        case .bytePairs(let model):
            var run = BytePairModel.Run(cache: WordCache(textLength: bytes.count))
            try Self.forEachPiece(pieces, &ids) { range, ids in
                try preTokenizer.forEachWord(bytes, in: range) {
                    try model.append(bytes, $0, run: &run, to: &ids)
                }
            }
        case .wordLevel(let model):
            try Self.forEachPiece(pieces, &ids) { range, ids in
                try preTokenizer.forEachWord(bytes, in: range) { ids.append(try model.id(bytes, $0)) }
            }
        }
    }

    @inline(__always)
    private static func forEachPiece(
        _ pieces: [TextPiece],
        _ ids: inout [Int],
        _ body: (Range<Int>, inout [Int]) throws -> Void
    ) rethrows {
        for piece in pieces {
            if let id = piece.id {
                ids.append(id)
            } else {
                try body(piece.range, &ids)
            }
        }
    }
}
