// Byte pair encoding: a word is its bytes or its characters, one symbol each, merged by rank.

/// The model of GPT-2, Llama, Qwen and Gemma: from a word to ids.
struct BytePairModel: Sendable {
    /// What merging begins with.
    enum Alphabet: Sendable, Equatable {
        /// Bytes, written in the alphabet of ``ByteAlphabet``.
        case bytes
        /// Characters; those without a token become the tokens of their bytes, or else unknown.
        case characters
    }

    let alphabet: Alphabet
    let vocabulary: TokenTable
    let merges: MergeTable
    /// The id of each byte, -1 where there is none. Beside characters these are the tokens `<0x00>` to
    /// `<0xFF>`, if the file asks for them.
    let byteIDs: [Int32]
    /// The id that stands for what has no token, if the file names one.
    let unknownID: Int32?
    /// Whether neighbours without a token share one unknown id.
    let fusesUnknown: Bool
    /// Whether a word that is a token is not merged (`ignore_merges`).
    let takesWholeWords: Bool

    /// Appends the ids of one word.
    ///
    /// - Throws: ``TokenizerError`` if a part of the word has no token, and there is no unknown one.
    @inline(__always)
    func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: Range<Int>,
        run: inout Run,
        to ids: inout [Int]
    ) throws {
        let (slot, seen) = run.cache.find(bytes, word)
        if let seen {
            for index in seen { ids.append(ids[index]) }
            return
        }
        let first = ids.count
        if takesWholeWords, let id = wholeWord(bytes, word, run: &run) {
            ids.append(Int(id))
        } else {
            run.merger.symbols.removeAll(keepingCapacity: true)
            switch alphabet {
            case .bytes: try appendBytes(bytes, word, to: &run.merger.symbols)
            case .characters: try appendCharacters(bytes, word, to: &run.merger.symbols)
            }
            run.merger.merge(merges)
            for symbol in run.merger.symbols { ids.append(Int(symbol)) }
        }
        run.cache.store(word, ids: first..<ids.count, slot: slot)
    }

    private func wholeWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: Range<Int>,
        run: inout Run
    ) -> Int32? {
        let word = UnsafeBufferPointer(rebasing: bytes[word])
        guard alphabet == .bytes else { return vocabulary.id(of: word) }
        run.spelling.removeAll(keepingCapacity: true)
        for byte in word { appendScalar(ByteAlphabet.shared.scalars[Int(byte)], to: &run.spelling) }
        return run.spelling.withUnsafeBufferPointer { vocabulary.id(of: $0) }
    }

    @inline(__always)
    private func appendBytes(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: Range<Int>,
        to symbols: inout [Int32]
    ) throws {
        for index in word {
            var id = byteIDs[Int(bytes[index])]
            if id < 0 {
                guard let unknownID else {
                    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[word]), as: UTF8.self)
                    throw TokenizerError.byteWithoutToken(bytes[index], word: text)
                }
                id = unknownID
            }
            symbols.append(id)
        }
    }

    /// As in the reference, an unknown id is kept back until a character with a token follows, or
    /// another one without (unless these are fused); the tokens of bytes go before it.
    private func appendCharacters(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: Range<Int>,
        to symbols: inout [Int32]
    ) throws {
        var kept: Int32?
        var index = word.lowerBound
        while index < word.upperBound {
            let (scalar, length) = decodeScalar(bytes, at: index)
            let range = index..<index + length
            index += length
            if let id = vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[range])) {
                if let unknown = kept { symbols.append(unknown) }
                kept = nil
                symbols.append(id)
            } else if range.allSatisfy({ byteIDs[Int(bytes[$0])] >= 0 }) {
                for byte in range { symbols.append(byteIDs[Int(bytes[byte])]) }
            } else if let unknownID {
                if let unknown = kept, !fusesUnknown { symbols.append(unknown) }
                kept = unknownID
            } else {
                let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[word]), as: UTF8.self)
                throw TokenizerError.characterWithoutToken(Unicode.Scalar(scalar) ?? "\u{FFFD}", word: text)
            }
        }
        if let unknown = kept { symbols.append(unknown) }
    }

    /// Buffers of one call, so that words share them and calls do not.
    struct Run {
        var cache: WordCache
        var merger = BytePairMerger()
        var spelling: [UInt8] = []
    }
}

extension BytePairModel {
    /// The ids of the bytes in a byte-level vocabulary; -1 where it has none.
    static func alphabetIDs(_ vocabulary: TokenTable) -> [Int32] {
        (0..<256).map { byte in
            ByteAlphabet.shared.spelling(of: [UInt8(byte)]).withUnsafeBufferPointer {
                vocabulary.id(of: $0) ?? -1
            }
        }
    }

    /// The ids of the tokens `<0x00>` to `<0xFF>`; -1 where there is none.
    static func fallbackIDs(_ vocabulary: TokenTable) -> [Int32] {
        (0..<256).map { vocabulary.id(of: ByteToken.spelling(of: UInt8($0))) ?? -1 }
    }
}

/// The tokens that stand for single bytes beside a vocabulary of characters.
enum ByteToken {
    /// The token of a byte, such as `<0x0A>`.
    static func spelling(of byte: UInt8) -> String {
        "<0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) + ">"
    }

    /// The byte that a token stands for; nil if it is another token.
    static func byte(_ spelling: [UInt8]) -> UInt8? {
        guard spelling.count == 6, spelling.starts(with: "<0x".utf8), spelling.last == UInt8(ascii: ">")
        else {
            return nil
        }
        let digits = String(decoding: spelling.dropFirst(3).prefix(2), as: UTF8.self)
        return digits.hasPrefix("-") ? nil : UInt8(digits, radix: 16)
    }
}
