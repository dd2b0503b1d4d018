// The activations that attribution patching gives an effect to.
import Transformers

/// A kind of node.
public enum AttributionKind: String, CaseIterable, Sendable, Codable {
    /// One head's z.
    case head
    /// What attention adds to the residual stream.
    case attention = "attn"
    /// What an MLP adds to the residual stream.
    case mlp
    /// The residual stream that enters a block.
    case residual = "resid"

    var site: SiteKind {
        switch self {
        case .head: .z
        case .attention: .attentionOut
        case .mlp: .mlpOut
        case .residual: .residPre
        }
    }
}

/// One activation, at one position or at all that are patched.
public struct AttributionNode: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Which kind.
    public var kind: AttributionKind
    /// Block.
    public var layer: Int
    /// Head in the block; nil where the kind has none.
    public var head: Int?
    /// Position in the prompt; nil for all positions that are patched, together.
    public var position: Int?

    /// All fields.
    public init(kind: AttributionKind, layer: Int, head: Int? = nil, position: Int? = nil) {
        self.kind = kind
        self.layer = layer
        self.head = head
        self.position = position
    }

    /// Such as `head L5H1`, or `mlp L3 at 17`.
    public var description: String {
        let place = head.map { Head(layer: layer, index: $0).description } ?? "L\(layer)"
        return "\(kind.rawValue) \(place)" + (position.map { " at \($0)" } ?? "")
    }

    /// What is replaced when the node is patched.
    var selector: Selector {
        var selector = Selector(kind.site).layer(layer)
        selector.heads = head.map { [$0] }
        selector.positions = position.map { [$0] }
        return selector
    }
}

extension TransformerConfig {
    /// The nodes of some kinds: kind by kind, layer by layer, head by head, position by position.
    func nodes(of kinds: [AttributionKind], at positions: [Int]?) -> [AttributionNode] {
        kinds.flatMap { kind in
            (0..<layers).flatMap { layer in
                let heads: [Int?] = kind == .head ? Array(0..<self.heads) : [nil]
                return heads.flatMap { head in
                    (positions.map { $0.map(Optional.some) } ?? [nil]).map {
                        AttributionNode(kind: kind, layer: layer, head: head, position: $0)
                    }
                }
            }
        }
    }
}
