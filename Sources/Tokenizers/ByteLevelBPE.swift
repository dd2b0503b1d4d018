// Byte-level byte pair encoding: a word is its UTF-8 bytes, one symbol each, merged by rank.

/// The model of GPT-2 and GPT-NeoX: from the bytes of a word to ids.
struct ByteLevelBPE: Sendable {
    /// The id of each byte; -1 where the vocabulary has no token for it.
    let byteIDs: [Int32]
    let merges: MergeTable
    /// The id that stands for bytes without a token, if the file names one.
    let unknownID: Int32?

    /// Appends the ids of one word.
    ///
    /// - Throws: ``TokenizerError/byteWithoutToken(_:word:)``.
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
        run.merger.symbols.removeAll(keepingCapacity: true)
        for index in word {
            var id = byteIDs[Int(bytes[index])]
            if id < 0 {
                guard let unknownID else {
                    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[word]), as: UTF8.self)
                    throw TokenizerError.byteWithoutToken(bytes[index], word: text)
                }
                id = unknownID
            }
            run.merger.symbols.append(id)
        }
        run.merger.merge(merges)
        let first = ids.count
        for symbol in run.merger.symbols { ids.append(Int(symbol)) }
        run.cache.store(word, ids: first..<ids.count, slot: slot)
    }

    /// Buffers of one call, so that words share them and calls do not.
    struct Run {
        var cache: WordCache
        var merger = BytePairMerger()
    }
}
