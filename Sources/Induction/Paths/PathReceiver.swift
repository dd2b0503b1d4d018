// Where a path ends.
public import Transformers

/// What a head reads.
public enum PathInput: String, CaseIterable, Sendable, Codable {
    /// Queries: what it looks for.
    case q
    /// Keys: what it looks at.
    case k
    /// Values: what it moves.
    case v

    var site: SiteKind {
        switch self {
        case .q: .q
        case .k: .k
        case .v: .v
        }
    }
}

/// What takes the change.
public enum PathReceiver: Hashable, Sendable, Codable, CustomStringConvertible {
    /// One input of one head, before smearing, norm and rotation. Keys and values are those of a key/value head: where query
    /// heads share it, the path leads to all of them. Where a norm goes across heads, the others notice by its divisor.
    case input(PathInput, head: Head)
    /// The residual stream after the last block: what reaches the logits by no other head, the direct effect.
    case logits

    /// Such as `L5H1.q`, `L5H1.k` (of key/value head 1) or `logits`.
    public var description: String {
        switch self {
        case .input(let input, let head): "\(head).\(input.rawValue)"
        case .logits: "logits"
        }
    }

    /// The first layer that does not lie before it.
    func layer(in config: TransformerConfig) -> Int {
        switch self {
        case .input(_, let head): head.layer
        case .logits: config.layers
        }
    }

    /// What it reads.
    func selector(in config: TransformerConfig) -> Selector {
        switch self {
        case .input(let input, let head): Selector(input.site).head(head)
        case .logits: .residPost.layer(config.layers - 1)
        }
    }

    /// - Throws: `SelectionError` where the model has no such head.
    func validate(for config: TransformerConfig) throws {
        if case .input(let input, let head) = self { try config.validate([head], input.site) }
    }
}

extension TransformerConfig {
    /// The inputs of query heads, each once: heads that share a key/value head have their keys and values in common.
    public func pathReceivers(of heads: [Head], _ inputs: [PathInput]) -> [PathReceiver] {
        var seen: Set<PathReceiver> = []
        return heads.flatMap { head in
            inputs.map { input in
                let shared = self.heads / keyValueHeads
                let index = input == .q ? head.index : head.index / shared
                return .input(input, head: Head(layer: head.layer, index: index))
            }
        }.filter { seen.insert($0).inserted }
    }
}
