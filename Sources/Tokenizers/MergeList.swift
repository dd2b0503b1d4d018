// Reads merges, from a tokenizer file or a text file, into a MergeTable. The place in the list is the rank.

import JSON

/// Collects the merges of a vocabulary.
struct MergeList {
    let vocabulary: TokenTable
    private(set) var table: MergeTable
    /// Whether the mark U+2581 that stands for a space only ever begins a token, alone or after marks. Then
    /// no merge joins a mark to what stands before it, and a text may be cut there: the ids are the same,
    /// and short words are merged faster than whole texts, and remembered.
    private(set) var neverCrossesMark: Bool
    private static let mark = Array("\u{2581}".utf8)
    private var rank = 0
    private var joined: [UInt8] = []

    /// Creates an empty list with room for a number of merges.
    init(vocabulary: TokenTable, capacity: Int) {
        self.vocabulary = vocabulary
        table = MergeTable(capacity: capacity)
        // A mark without a token would be part of a run of unknown characters.
        neverCrossesMark = vocabulary.id(of: "\u{2581}") != nil
    }

    /// Adds the next merge; returns what is wrong with it, if anything.
    mutating func add(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>
    ) -> String? {
        joined.removeAll(keepingCapacity: true)
        joined.append(contentsOf: left)
        joined.append(contentsOf: right)
        guard let leftID = vocabulary.id(of: left) else { return Self.missing(left) }
        guard let rightID = vocabulary.id(of: right) else { return Self.missing(right) }
        let merged = joined.withUnsafeBufferPointer { vocabulary.id(of: $0) }
        guard let merged else { return joined.withUnsafeBufferPointer { Self.missing($0) } }
        table.set(leftID, rightID, to: MergeTable.merge(rank: rank, id: merged))
        rank += 1
        if right.starts(with: Self.mark), !left.suffix(Self.mark.count).elementsEqual(Self.mark) {
            neverCrossesMark = false
        }
        return nil
    }

    /// Adds the next merge, two spellings with one space between them.
    mutating func add(line: UnsafeBufferPointer<UInt8>) -> String? {
        let space = UInt8(ascii: " ")
        guard let gap = line.firstIndex(of: space), gap > 0, gap + 1 < line.count,
            line.lastIndex(of: space) == gap
        else {
            return "expected two tokens with one space between them, found "
                + "'\(String(decoding: line, as: UTF8.self).prefix(40))'."
        }
        return add(
            UnsafeBufferPointer(rebasing: line[..<gap]),
            UnsafeBufferPointer(rebasing: line[(gap + 1)...])
        )
    }

    private static func missing(_ spelling: UnsafeBufferPointer<UInt8>) -> String {
        "the merge needs the token '\(String(decoding: spelling, as: UTF8.self).prefix(40))', which is not "
            + "in the vocabulary. The files may not belong together."
    }
}

extension MergeList {
    /// Reads the merges of a tokenizer file: `"a b"` or `["a", "b"]` each.
    ///
    /// - Throws: ``TokenizerFileError`` naming the first entry that is not a merge of the vocabulary;
    ///   `JSONError` if there is no array.
    init(_ merges: JSONField, vocabulary: TokenTable) throws {
        let entries = try merges.elements()
        self.init(vocabulary: vocabulary, capacity: entries.count)
        for entry in entries {
            if let problem = try add(entry) { throw entry.unusable(problem) }
        }
    }

    /// Adds the next merge; returns what is wrong with it, if anything.
    private mutating func add(_ entry: JSONField) throws -> String? {
        var problem: String?
        switch entry.kind {
        case .string:
            try entry.withUTF8 { if !$0.starts(with: "#version".utf8) { problem = add(line: $0) } }
            return problem
        case .array:
            let parts = try entry.elements()
            if parts.count == 2, parts.allSatisfy({ $0.kind == .string }) {
                try parts[0].withUTF8 { left in try parts[1].withUTF8 { problem = add(left, $0) } }
                return problem
            }
        default: break
        }
        return "expected a merge, written \"a b\" or [\"a\", \"b\"], found \(entry.summary)."
    }

    /// Reads a `merges.txt`: one merge a line, after an optional `#version` line.
    ///
    /// - Throws: ``TokenizerFileError`` naming the first line that is not a merge of the vocabulary.
    init(_ bytes: [UInt8], file: String, vocabulary: TokenTable) throws {
        self.init(vocabulary: vocabulary, capacity: bytes.count / 8)
        var number = 0
        try bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                number += 1
                let newline = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let end = newline > start && bytes[newline - 1] == 0x0D ? newline - 1 : newline
                let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
                start = newline + 1
                if line.starts(with: "#version".utf8) { continue }
                if line.isEmpty, start >= bytes.count { break }
                if let problem = add(line: line) {
                    throw TokenizerFileError(file: file, field: "line \(number)", problem: problem)
                }
            }
        }
    }
}
