// Which parts of a model an experiment acts on, each by itself: all of a kind, or those of some layers or heads.
public import Induction
public import Transformers

/// A kind of component, and which of them.
public struct ComponentChoice: Codable, Equatable, Sendable {
    /// What kind.
    public var kind: CausalComponent.Kind
    /// Only those of these layers; nil for all.
    public var layers: [Int]?
    /// Only these heads; nil for all.
    public var heads: [Head]?

    /// All fields.
    public init(_ kind: CausalComponent.Kind = .head, layers: [Int]? = nil, heads: [Head]? = nil) {
        self.kind = kind
        self.layers = layers
        self.heads = heads
    }

    /// The components, block by block.
    ///
    /// - Throws: `ComponentError` for what the model does not have.
    public func components(in model: OpenedModel) throws -> [CausalComponent] {
        let config = model.config
        if kind == .mlp, config.isAttentionOnly { throw ComponentError.noMLPs(model: model.name) }
        for layer in layers ?? [] where !(0..<config.layers).contains(layer) {
            throw ComponentError.noLayer(layer, model: model.name, layers: config.layers)
        }
        let known = Set(config.allHeads)
        for head in heads ?? [] where !known.contains(head) {
            throw ComponentError.noHead(
                head,
                model: model.name,
                layers: config.layers,
                headsPerLayer: config.heads
            )
        }
        let chosen = CausalComponent.all(kind, in: config).filter { component in
            layers?.contains(component.layer) ?? true
                && heads?.contains { $0.layer == component.layer && $0.index == component.head } ?? true
        }
        guard !chosen.isEmpty else { throw ComponentError.nothing }
        return chosen
    }

    /// Whether parts of the kind may be left out.
    var isPartial: Bool { layers != nil || heads != nil }
}

/// A choice that does not fit a model.
public enum ComponentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A layer beyond the last.
    case noLayer(Int, model: String, layers: Int)
    /// A head beyond the last, or in a layer beyond the last.
    case noHead(Head, model: String, layers: Int, headsPerLayer: Int)
    /// MLPs of a model of attention alone.
    case noMLPs(model: String)
    /// Lists that leave nothing.
    case nothing

    /// One paragraph: what was asked for, what there is.
    public var description: String {
        switch self {
        case .noLayer(let layer, let model, let layers):
            "layer \(layer) does not exist: the layers of \(model) are 0 to \(layers - 1)."
        case .noHead(let head, let model, let layers, let heads):
            """
            head \(head) does not exist: the layers of \(model) are 0 to \(layers - 1), the heads of each 0 to \
            \(heads - 1).
            """
        case .noMLPs(let model):
            "\(model) consists of attention only and has no MLPs; choose heads, attn or layers."
        case .nothing:
            "the lists of layers and heads leave no component; name at least one, or leave the lists away."
        }
    }
}

extension CausalComponent.Kind {
    /// What several are called.
    var plural: String {
        switch self {
        case .head: "heads"
        case .attention: "attention blocks"
        case .mlp: "MLPs"
        case .layer: "layers"
        case .residual: "residual streams"
        }
    }

    /// What one is called.
    var singular: String {
        switch self {
        case .head: "head"
        case .attention: "attention"
        case .mlp: "MLP"
        case .layer: "layer"
        case .residual: "residual stream"
        }
    }
}
