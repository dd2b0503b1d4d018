// The parts of a model that ablation and patching act on, and the sites that each stands for.
//
//   head        z of one head
//   attention   what attention adds to the stream
//   mlp         what the MLP adds to the stream
//   layer       ablated: both together; patched: the stream that leaves the block (seed 001's layer scan)
//   residual    the stream that enters a block
public import Transformers

/// A part of a model, at all positions that an experiment asks for or at one of its own.
public struct CausalComponent: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of part.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// One attention head.
        case head
        /// A block's attention.
        case attention = "attn"
        /// A block's MLP.
        case mlp
        /// A whole block.
        case layer
        /// The residual stream that enters a block.
        case residual = "resid"
    }

    /// What kind.
    public let kind: Kind
    /// Block, from 0.
    public let layer: Int
    /// Head in the block, from 0; nil where the part is no head.
    public let head: Int?
    /// The only position that is touched; nil leaves positions to the experiment.
    public let position: Int?

    private init(_ kind: Kind, layer: Int, head: Int? = nil, position: Int? = nil) {
        self.kind = kind
        self.layer = layer
        self.head = head
        self.position = position
    }

    /// One attention head.
    public static func head(_ head: Head) -> CausalComponent {
        CausalComponent(.head, layer: head.layer, head: head.index)
    }

    /// A block's attention.
    public static func attention(_ layer: Int) -> CausalComponent {
        CausalComponent(.attention, layer: layer)
    }

    /// A block's MLP.
    public static func mlp(_ layer: Int) -> CausalComponent { CausalComponent(.mlp, layer: layer) }

    /// A whole block.
    public static func layer(_ layer: Int) -> CausalComponent { CausalComponent(.layer, layer: layer) }

    /// The residual stream that enters a block.
    public static func residual(_ layer: Int) -> CausalComponent { CausalComponent(.residual, layer: layer) }

    /// The same part at one position.
    public func at(_ position: Int) -> CausalComponent {
        CausalComponent(kind, layer: layer, head: head, position: position)
    }

    /// Every part of a kind, block by block; with positions each part at each of them.
    ///
    /// In a model without MLPs a list of MLPs is one that no run takes: a `SelectionError` says so.
    public static func all(
        _ kind: Kind,
        in config: TransformerConfig,
        at positions: [Int]? = nil
    ) -> [CausalComponent] {
        let parts =
            kind == .head
            ? config.allHeads.map(CausalComponent.head)
            : (0..<config.layers).map { CausalComponent(kind, layer: $0) }
        guard let positions else { return parts }
        return parts.flatMap { part in positions.map(part.at) }
    }

    /// Such as `L2H5`, `MLP 3`, `residual 4 at 17`.
    public var description: String {
        let name =
            switch kind {
            case .head: "L\(layer)H\(head.map(String.init) ?? "?")"
            case .attention: "attention \(layer)"
            case .mlp: "MLP \(layer)"
            case .layer: "layer \(layer)"
            case .residual: "residual \(layer)"
            }
        return position.map { "\(name) at \($0)" } ?? name
    }
}

extension CausalComponent {
    /// What is cut when the part is ablated.
    func ablated(in config: TransformerConfig) -> [Selector] {
        switch kind {
        case .layer: (config.isAttentionOnly ? [.attentionOut] : [.attentionOut, .mlpOut]).map(selector)
        default: [patched]
        }
    }

    /// What is replaced when the part is patched.
    var patched: Selector {
        switch kind {
        case .head: selector(.z).heads([head].compactMap(\.self))
        case .attention: selector(.attentionOut)
        case .mlp: selector(.mlpOut)
        case .layer: selector(.residPost)
        case .residual: selector(.residPre)
        }
    }

    private func selector(_ kind: SiteKind) -> Selector {
        let all = Selector(kind).layer(layer)
        return position.map { all.positions([$0]) } ?? all
    }
}

extension Selector {
    /// Whole sites that hold what these select: what a run has to record for edits aimed there.
    static func whole(_ selectors: some Sequence<Selector>) -> [Selector] {
        let layers = Dictionary(grouping: selectors, by: \.kind).mapValues {
            Set($0.flatMap { $0.layers ?? [] })
        }
        return layers.sorted { $0.key.rawValue < $1.key.rawValue }.map { Selector($0).layers($1.sorted()) }
    }
}
