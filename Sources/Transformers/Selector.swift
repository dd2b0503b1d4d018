// Selectors: which activations an intervention or a recording is aimed at.
//
// A selector that matches nothing in a model is an error, never an edit that silently does nothing.

/// A kind of site, in some layers, for some heads, at some positions.
public struct Selector: Equatable, Sendable {
    /// Which activation.
    public var kind: SiteKind
    /// Blocks; nil means all.
    public var layers: [Int]?
    /// Heads; nil means all.
    public var heads: [Int]?
    /// Positions (of the query for scores and pattern); nil means all.
    public var positions: [Int]?

    /// All of a kind, to be narrowed.
    public init(_ kind: SiteKind) {
        self.kind = kind
    }

    /// Exactly one site.
    public init(_ site: Site) {
        kind = site.kind
        layers = site.layer.map { [$0] }
    }

    /// Only one block.
    public func layer(_ layer: Int) -> Selector { layers([layer]) }

    /// Only these blocks.
    public func layers(_ layers: some Sequence<Int>) -> Selector {
        with { $0.layers = Array(layers) }
    }

    /// Only one head of one block.
    public func head(_ layer: Int, _ head: Int) -> Selector { layers([layer]).heads([head]) }

    /// Only one head of one block.
    public func head(_ head: Head) -> Selector { self.head(head.layer, head.index) }

    /// Only these heads.
    public func heads(_ heads: some Sequence<Int>) -> Selector {
        with { $0.heads = Array(heads) }
    }

    /// Only these positions.
    public func positions(_ positions: some Sequence<Int>) -> Selector {
        with { $0.positions = Array(positions) }
    }

    private func with(_ change: (inout Selector) -> Void) -> Selector {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Selector {
    /// Token embedding.
    public static let embedding = Selector(.embedding)
    /// Position embedding.
    public static let positionEmbedding = Selector(.positionEmbedding)
    /// Residual stream that enters a block.
    public static let residPre = Selector(.residPre)
    /// Residual stream between attention and MLP.
    public static let residMid = Selector(.residMid)
    /// Residual stream that leaves a block.
    public static let residPost = Selector(.residPost)
    /// Queries before rotation.
    public static let q = Selector(.q)
    /// Keys before rotation.
    public static let k = Selector(.k)
    /// Values.
    public static let v = Selector(.v)
    /// Attention scores.
    public static let scores = Selector(.scores)
    /// Attention pattern.
    public static let pattern = Selector(.pattern)
    /// Each head's weighted values.
    public static let z = Selector(.z)
    /// What each head writes.
    public static let result = Selector(.result)
    /// What attention writes.
    public static let attentionOut = Selector(.attentionOut)
    /// MLP's hidden layer before the nonlinearity.
    public static let mlpPre = Selector(.mlpPre)
    /// MLP's hidden layer after the nonlinearity.
    public static let mlpPost = Selector(.mlpPost)
    /// What the MLP writes.
    public static let mlpOut = Selector(.mlpOut)
    /// The norm before the unembedding, before its gain and bias.
    public static let finalNorm = Selector(.finalNorm)
    /// Logits.
    public static let logits = Selector(.logits)
}

/// One attention head.
public struct Head: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// Block, from 0.
    public var layer: Int
    /// Head in the block, from 0.
    public var index: Int

    /// Both numbers.
    public init(layer: Int, index: Int) {
        self.layer = layer
        self.index = index
    }

    /// Blocks in order, heads in order.
    public static func < (a: Head, b: Head) -> Bool { (a.layer, a.index) < (b.layer, b.index) }

    /// Such as `L5H1`.
    public var description: String { "L\(layer)H\(index)" }
}

extension TransformerConfig {
    /// Every query head, block by block.
    public var allHeads: [Head] {
        (0..<layers).flatMap { layer in (0..<heads).map { Head(layer: layer, index: $0) } }
    }

    /// The sites that a selector matches.
    ///
    /// - Throws: `SelectionError` when there are none, or when a layer, head or position is out of range.
    func resolve(_ selector: Selector, positionCount: Int) throws -> [Site] {
        let matching = sites.filter { $0.kind == selector.kind }
        guard !matching.isEmpty else {
            throw SelectionError.noSuchSite(selector.kind, family: family, available: siteNames)
        }
        if let bad = (selector.layers ?? []).first(where: { !(0..<layers).contains($0) }) {
            throw SelectionError.outOfRange(selector.kind, axis: "layer", index: bad, count: layers)
        }
        if let heads = selector.heads {
            guard selector.kind.headAxis != nil else { throw SelectionError.noHeads(selector.kind) }
            let count = headCount(selector.kind)
            if let bad = heads.first(where: { !(0..<count).contains($0) }) {
                throw SelectionError.outOfRange(selector.kind, axis: "head", index: bad, count: count)
            }
        }
        if let bad = (selector.positions ?? []).first(where: { !(0..<positionCount).contains($0) }) {
            throw SelectionError.outOfRange(selector.kind, axis: "position", index: bad, count: positionCount)
        }
        let chosen = matching.filter { site in
            guard let layers = selector.layers, let layer = site.layer else { return selector.layers == nil }
            return layers.contains(layer)
        }
        let isEmpty = [selector.layers, selector.heads, selector.positions].contains([])
        guard !chosen.isEmpty, !isEmpty else { throw SelectionError.empty(selector.kind) }
        return chosen
    }

    func headCount(_ kind: SiteKind) -> Int {
        switch kind {
        case .k, .v, .rotatedK: keyValueHeads
        default: heads
        }
    }

    /// Names of all sites, with `*` in place of the layer.
    public var siteNames: [String] {
        var seen: [String] = []
        for site in sites {
            let name = site.layer == nil ? site.name : "blocks.*.\(site.kind.hookName)"
            if !seen.contains(name) { seen.append(name) }
        }
        return seen
    }
}
