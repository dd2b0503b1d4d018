// Copy opportunities: positions t whose token stood earlier, at s.
//
// Quantity: pairs (t, s), s < t, x_s = x_t. `nearest` takes the last such s, `all` every one. Special tokens (BOS
// among them) are never part of a pair. For `induction`, which reads s + 1, pairs with s + 1 = t are dropped.

/// Which earlier copies of a token count.
public enum PairRule: String, Sendable, CaseIterable, Codable {
    /// The last one.
    case nearest
    /// Every one; attention to them is summed.
    case all
}

/// A position and the earlier position of the same token.
public struct CopyPair: Hashable, Sendable {
    /// Position t of the later token.
    public var query: Int
    /// Position s of the earlier one.
    public var source: Int

    /// Both positions.
    public init(query: Int, source: Int) {
        self.query = query
        self.source = source
    }

    /// t - s
    public var lag: Int { query - source }
}

/// The pairs of one prompt, by ascending query, then source.
public func copyPairs(in tokens: [Int], rule: PairRule = .nearest, excluding special: Set<Int>) -> [CopyPair]
{
    var earlier: [Int: [Int]] = [:]
    var pairs: [CopyPair] = []
    for (position, token) in tokens.enumerated() where !special.contains(token) {
        let sources = earlier[token, default: []]
        switch rule {
        case .nearest: pairs += sources.suffix(1).map { CopyPair(query: position, source: $0) }
        case .all: pairs += sources.map { CopyPair(query: position, source: $0) }
        }
        earlier[token, default: []].append(position)
    }
    return pairs
}
