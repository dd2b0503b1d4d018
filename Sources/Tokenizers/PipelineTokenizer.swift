// The tokenizer that files describe, as a chain of small pieces: added tokens, normaliser, pre-tokeniser,
// model, post-processor; and a decoder for the way back. Equal ids to Hugging Face's `tokenizers`.

/// A tokenizer read from the files of a model.
public struct PipelineTokenizer: Tokenizer {
    /// What the pieces need to know to be put together.
    struct Parts: Sendable {
        var vocabulary: TokenTable
        var added: AddedVocabulary
        var normalizer: Normalizer
        var preTokenizer: PreTokenizer
        var model: TokenModel
        var postProcessor: PostProcessor
        var decoder: TokenDecoder
    }

    let parts: Parts
    /// The highest id plus one, added tokens included.
    public let vocabularySize: Int
    /// Ids of the added tokens that the files call special.
    public let specialTokenIDs: Set<Int>
    /// Id of the token that opens a text, if the files name one.
    public internal(set) var bosTokenID: Int?
    /// Id of the token that ends a text, if the files name one.
    public internal(set) var eosTokenID: Int?
    /// The flag `add_bos_token` of the configuration files, else true where the template of the file puts
    /// the opening token before a text; nil where neither says anything.
    public internal(set) var addsBOSToken: Bool?

    /// Puts the pieces together. Without a word from the files, the special token that the template puts
    /// before a text opens it, else a special token of a usual name.
    init(parts: Parts) {
        self.parts = parts
        vocabularySize = max(parts.vocabulary.idEnd, parts.added.idEnd)
        specialTokenIDs = parts.added.specialIDs
        let ids = specialTokenIDs
        let special = { (names: [String]) in names.lazy.compactMap(parts.added.id).first { ids.contains($0) }
        }
        let opening = parts.postProcessor.before.first { ids.contains($0) }
        bosTokenID = opening ?? special(["<bos>", "<s>", "<|begin_of_text|>", "<|endoftext|>"])
        eosTokenID = special(["<eos>", "</s>", "<|end_of_text|>", "<|endoftext|>"])
        if opening != nil { addsBOSToken = true }
    }

    /// The ids of a text, with those of the file's template around them if asked for.
    ///
    /// Time is linear in the text, but for words of thousands of bytes, which cost n log n.
    ///
    /// - Throws: ``TokenizerError`` if the vocabulary has no token for a part of the text.
    public func encode(_ text: String, addingSpecialTokens: Bool) throws -> [Int] {
        var ids: [Int] = []
        if addingSpecialTokens { ids = parts.postProcessor.before }
        var text = text
        try text.withUTF8 { try encode($0, to: &ids) }
        if addingSpecialTokens { ids += parts.postProcessor.after }
        return ids
    }

    private func encode(_ bytes: UnsafeBufferPointer<UInt8>, to ids: inout [Int]) throws {
        ids.reserveCapacity(ids.count + bytes.count / 3)
        var verbatim: [TextPiece] = []
        parts.added.verbatim.appendPieces(bytes, bytes.indices, to: &verbatim)
        if parts.preTokenizer.leavesUnchanged, parts.normalizer.leavesUnchanged(bytes) {
            try encode(bytes, pieces(of: verbatim, in: bytes), to: &ids)
            return
        }
        let (normal, pieces) = normalized(verbatim, in: bytes)
        try normal.withUnsafeBufferPointer { try encode($0, pieces, to: &ids) }
    }

    private func encode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ pieces: [TextPiece],
        to ids: inout [Int]
    ) throws {
        try parts.model.encode(bytes, pieces, preTokenizer: parts.preTokenizer, to: &ids)
    }

    /// Looks for the tokens of the normalised text in text that needs no normalising.
    private func pieces(of verbatim: [TextPiece], in bytes: UnsafeBufferPointer<UInt8>) -> [TextPiece] {
        if parts.added.normalized.isEmpty { return verbatim }
        var pieces: [TextPiece] = []
        for piece in verbatim {
            if piece.id == nil {
                parts.added.normalized.appendPieces(bytes, piece.range, to: &pieces)
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    /// Normalises each piece by itself, looks for the tokens of the normalised text, and lets the
    /// pre-tokeniser change the texts between them. All in one new buffer.
    private func normalized(
        _ verbatim: [TextPiece],
        in bytes: UnsafeBufferPointer<UInt8>
    ) -> (bytes: [UInt8], pieces: [TextPiece]) {
        var normal: [UInt8] = []
        normal.reserveCapacity(bytes.count + bytes.count / 2)
        var pieces: [TextPiece] = []
        for piece in verbatim {
            let start = normal.count
            if piece.id == nil {
                let text = UnsafeBufferPointer(rebasing: bytes[piece.range])
                parts.normalizer.append(text, to: &normal)
                let range = start..<normal.count
                normal.withUnsafeBufferPointer {
                    parts.added.normalized.appendPieces($0, range, to: &pieces)
                }
            } else {
                pieces.append(TextPiece(range: start..<start, id: piece.id))
            }
        }
        return parts.preTokenizer.leavesUnchanged ? (normal, pieces) : preTokenized(normal, pieces)
    }

    private func preTokenized(
        _ bytes: [UInt8],
        _ pieces: [TextPiece]
    ) -> (bytes: [UInt8], pieces: [TextPiece]) {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 2)
        let changed = bytes.withUnsafeBufferPointer { bytes in
            pieces.enumerated().map { index, piece in
                let start = output.count
                if piece.id == nil {
                    let text = UnsafeBufferPointer(rebasing: bytes[piece.range])
                    parts.preTokenizer.append(text, isAtStart: index == 0, to: &output)
                }
                return TextPiece(range: start..<output.count, id: piece.id)
            }
        }
        return (output, changed)
    }

    /// The text of ids, special tokens included. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func decode(_ ids: [Int]) throws -> String {
        if parts.decoder == .byteLevel {
            var output: [UInt8] = []
            output.reserveCapacity(ids.count * 4)
            for id in ids {
                try withSpelling(of: id) { ByteAlphabet.shared.append($0, to: &output) }
            }
            return String(decoding: output, as: UTF8.self)
        }
        return String(decoding: parts.decoder.text(of: try ids.map(spelling)), as: UTF8.self)
    }

    /// The text of one token, spaces kept; bytes that are not UTF-8 on their own are written `\xE2`.
    ///
    /// - Throws: ``TokenizerError/unknownID(_:vocabularySize:)``.
    public func token(for id: Int) throws -> String {
        let bytes = parts.decoder.bytes(of: try spelling(of: id))
        return String(validating: bytes, as: UTF8.self) ?? Self.escaped(bytes)
    }

    /// The id of the token whose text is exactly this, if the vocabulary has one.
    public func id(of token: String) -> Int? {
        if let id = parts.added.id(of: token) { return id }
        return parts.decoder.spellings(of: token).lazy.compactMap { spelling in
            spelling.withUnsafeBufferPointer { parts.vocabulary.id(of: $0).map(Int.init) }
        }.first
    }

    private func spelling(of id: Int) throws -> [UInt8] { try withSpelling(of: id) { Array($0) } }

    private func withSpelling<Result>(
        of id: Int,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) throws -> Result {
        if let added = parts.added.tokens[id] {
            var content = added.isNormalized ? parts.normalizer.normalized(added.content) : added.content
            return content.withUTF8(body)
        }
        guard let result = parts.vocabulary.withSpelling(of: id, body) else {
            throw TokenizerError.unknownID(id, vocabularySize: vocabularySize)
        }
        return result
    }

    /// Text with the bytes that are not UTF-8 written as `\xE2`.
    private static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        var index = 0
        while index < bytes.count {
            let lengths = 1...min(4, bytes.count - index)
            if let (valid, length) = lengths.lazy.compactMap({ length in
                String(validating: bytes[index..<index + length], as: UTF8.self).map { ($0, length) }
            }).first {
                text += valid
                index += length
            } else {
                let digits = String(bytes[index], radix: 16, uppercase: true)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
                index += 1
            }
        }
        return text
    }
}
