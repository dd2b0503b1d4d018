// The four head scores: attention from t to a key that the prompt's structure names, averaged.
//
//   induction  A[t, s+1]  looks at what followed the earlier copy (prefix matching; Olsson et al. 2022)
//   duplicate  A[t, s]    looks at the earlier copy itself (what seeds call copy or induction score)
//   previous   A[t, t-1]  previous-token head
//   first      A[t, 0]    attention sink
//
// Range 0..1. A pattern only says where a head looks, not what it writes or causes.

/// Which of a prompt's keys a score reads.
public enum HeadScore: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    /// A[t, s+1]: prefix matching.
    case induction
    /// A[t, s]: duplicate token.
    case duplicate
    /// A[t, t-1]: previous token.
    case previous
    /// A[t, 0]: attention sink.
    case first

    /// The (query, key) entries of a pattern that the score sums, for one prompt.
    public func readCells(
        of tokens: [Int],
        rule: PairRule,
        excluding special: Set<Int>
    ) -> [PatternCell] {
        switch self {
        case .induction, .duplicate: readCells(of: copyPairs(in: tokens, rule: rule, excluding: special))
        case .previous, .first: readCells(at: Array(tokens.indices))
        }
    }

    /// The entries that the score sums where only these pairs count. `previous` and `first`, which know no pairs, are
    /// read where the pairs have their later token.
    func readCells(of pairs: [CopyPair]) -> [PatternCell] {
        switch self {
        case .induction:
            pairs.filter { $0.source + 1 < $0.query }.map { PatternCell(query: $0.query, key: $0.source + 1) }
        case .duplicate: pairs.map { PatternCell(query: $0.query, key: $0.source) }
        case .previous, .first: readCells(at: Set(pairs.map(\.query)).sorted())
        }
    }

    /// What `previous` and `first` read at some positions.
    private func readCells(at positions: [Int]) -> [PatternCell] {
        positions.filter { $0 >= 1 }.map { PatternCell(query: $0, key: self == .previous ? $0 - 1 : 0) }
    }
}

/// One entry of an attention pattern.
public struct PatternCell: Hashable, Sendable {
    /// Position that looks.
    public var query: Int
    /// Position looked at.
    public var key: Int
}
