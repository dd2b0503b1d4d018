// Sites: the activations that have a name, in the order in which the forward pass computes them.
//
// On the command line and in files a site has TransformerLens's name (`blocks.5.attn.hook_z`).

/// What kind of activation.
public enum SiteKind: String, CaseIterable, Sendable {
    /// Token embedding. [batch, position, d_model]
    case embedding
    /// Position embedding, where positions are learned or sinusoidal. [batch, position, d_model]
    case positionEmbedding
    /// Residual stream that enters a block. [batch, position, d_model]
    case residPre
    /// Divisor of the norm before attention. [batch, position, 1]
    case norm1Scale
    /// The norm before attention, before its gain and bias. [batch, position, d_model]
    case norm1
    /// Queries before their norm and rotation. [batch, position, head, d_head]
    case q
    /// Keys before they are smeared, normalised and rotated. [batch, position, key/value head, d_head]
    case k
    /// Values. [batch, position, key/value head, d_head]
    case v
    /// Queries after rotation, in rotary models. [batch, position, head, d_head]
    case rotatedQ
    /// Keys after rotation, in rotary models. [batch, position, key/value head, d_head]
    case rotatedK
    /// Attention scores, scaled and capped, -inf where the key lies in the future or before the layer's window.
    /// [batch, head, query, key]
    case scores
    /// Attention pattern. [batch, head, query, key]
    case pattern
    /// Each head's weighted values. [batch, position, head, d_head]
    case z
    /// What each head writes, before the output bias. [batch, position, head, d_model]
    case result
    /// Divisor of the norm after attention. [batch, position, 1]
    case norm1PostScale
    /// The norm after attention, before its gain. [batch, position, d_model]
    case norm1Post
    /// What attention adds to the residual stream. [batch, position, d_model]
    case attentionOut
    /// Residual stream between attention and MLP, where they are sequential. [batch, position, d_model]
    case residMid
    /// Divisor of the norm before the MLP. [batch, position, 1]
    case norm2Scale
    /// The norm before the MLP, before its gain and bias. [batch, position, d_model]
    case norm2
    /// Hidden layer before the nonlinearity: the gate, where there is one. [batch, position, d_mlp]
    case mlpPre
    /// What the gate is multiplied with, in gated MLPs. [batch, position, d_mlp]
    case mlpPreLinear
    /// Hidden layer after the nonlinearity and the gate. [batch, position, d_mlp]
    case mlpPost
    /// Divisor of the norm after the MLP. [batch, position, 1]
    case norm2PostScale
    /// The norm after the MLP, before its gain. [batch, position, d_model]
    case norm2Post
    /// What the MLP adds to the residual stream. [batch, position, d_model]
    case mlpOut
    /// Residual stream that leaves a block. [batch, position, d_model]
    case residPost
    /// Divisor of the norm before the unembedding. [batch, position, 1]
    case finalNormScale
    /// The norm before the unembedding, before its gain and bias. [batch, position, d_model]
    case finalNorm
    /// [batch, position, vocab], at the positions that were asked for.
    case logits

    /// Name without the layer, as TransformerLens spells it.
    var hookName: String {
        switch self {
        case .embedding: "hook_embed"
        case .positionEmbedding: "hook_pos_embed"
        case .residPre: "hook_resid_pre"
        case .norm1Scale: "ln1.hook_scale"
        case .norm1: "ln1.hook_normalized"
        case .q: "attn.hook_q"
        case .k: "attn.hook_k"
        case .v: "attn.hook_v"
        case .rotatedQ: "attn.hook_rot_q"
        case .rotatedK: "attn.hook_rot_k"
        case .scores: "attn.hook_attn_scores"
        case .pattern: "attn.hook_pattern"
        case .z: "attn.hook_z"
        case .result: "attn.hook_result"
        case .norm1PostScale: "ln1_post.hook_scale"
        case .norm1Post: "ln1_post.hook_normalized"
        case .attentionOut: "hook_attn_out"
        case .residMid: "hook_resid_mid"
        case .norm2Scale: "ln2.hook_scale"
        case .norm2: "ln2.hook_normalized"
        case .mlpPre: "mlp.hook_pre"
        case .mlpPreLinear: "mlp.hook_pre_linear"
        case .mlpPost: "mlp.hook_post"
        case .norm2PostScale: "ln2_post.hook_scale"
        case .norm2Post: "ln2_post.hook_normalized"
        case .mlpOut: "hook_mlp_out"
        case .residPost: "hook_resid_post"
        case .finalNormScale: "ln_final.hook_scale"
        case .finalNorm: "ln_final.hook_normalized"
        case .logits: "logits"
        }
    }

    /// Whether there is one a block.
    public var hasLayers: Bool {
        switch self {
        case .embedding, .positionEmbedding, .finalNormScale, .finalNorm, .logits: false
        default: true
        }
    }

    /// The axis that counts heads, if there is one.
    public var headAxis: Int? {
        switch self {
        case .q, .k, .v, .rotatedQ, .rotatedK, .z, .result: 2
        case .scores, .pattern: 1
        default: nil
        }
    }

    /// The axis that counts positions: of the query for scores and pattern.
    public var positionAxis: Int {
        switch self {
        case .scores, .pattern: 2
        default: 1
        }
    }
}

extension SiteKind {
    /// Every axis that counts positions: query and key for scores and pattern.
    public var positionAxes: [Int] {
        switch self {
        case .scores, .pattern: [2, 3]
        default: [1]
        }
    }
}

/// One activation of a model.
public struct Site: Hashable, Sendable, CustomStringConvertible {
    /// Which.
    public var kind: SiteKind
    /// In which block; nil for sites outside the blocks.
    public var layer: Int?

    /// Names a site; whether a model has it is `Transformer.sites`.
    public init(_ kind: SiteKind, layer: Int? = nil) {
        precondition(kind.hasLayers == (layer != nil), "\(kind) and layer \(String(describing: layer))")
        self.kind = kind
        self.layer = layer
    }

    /// TransformerLens's name, such as `blocks.5.attn.hook_z`.
    public var name: String {
        layer.map { "blocks.\($0).\(kind.hookName)" } ?? kind.hookName
    }

    /// The name.
    public var description: String { name }
}

extension Site {
    /// The shape of the activation for a batch of prompts of one length, all positions unembedded.
    public func shape(in config: TransformerConfig, batch: Int, positions: Int) -> [Int] {
        switch kind {
        case .embedding, .positionEmbedding, .residPre, .residMid, .residPost, .norm1, .norm1Post, .norm2,
            .norm2Post, .finalNorm, .attentionOut, .mlpOut:
            [batch, positions, config.dModel]
        case .norm1Scale, .norm1PostScale, .norm2Scale, .norm2PostScale, .finalNormScale:
            [batch, positions, 1]
        case .q, .rotatedQ, .z: [batch, positions, config.heads, config.dHead]
        case .k, .v, .rotatedK: [batch, positions, config.keyValueHeads, config.dHead]
        case .result: [batch, positions, config.heads, config.dModel]
        case .scores, .pattern: [batch, config.heads, positions, positions]
        case .mlpPre, .mlpPreLinear, .mlpPost: [batch, positions, config.dMLP]
        case .logits: [batch, positions, config.vocabularySize]
        }
    }
}

extension TransformerConfig {
    /// Every site that such a model has, in the order of computation.
    public var sites: [Site] {
        var result = [Site(.embedding)]
        if positions.areAdded { result.append(Site(.positionEmbedding)) }
        for layer in 0..<layers {
            result += blockSites.map { Site($0, layer: layer) }
        }
        if normalization != .none { result += [Site(.finalNormScale), Site(.finalNorm)] }
        return result + [Site(.logits)]
    }

    private var blockSites: [SiteKind] {
        SiteKind.allCases.filter { kind in
            switch kind {
            case .norm1Scale, .norm1: normalization != .none && normPlacement.isBefore
            case .norm1PostScale, .norm1Post: normalization != .none && normPlacement.isAfter
            case .norm2Scale, .norm2: normalization != .none && normPlacement.isBefore && !isAttentionOnly
            case .norm2PostScale, .norm2Post:
                normalization != .none && normPlacement.isAfter && !isAttentionOnly
            case .mlpPreLinear: isGated && !isAttentionOnly
            case .rotatedQ, .rotatedK: if case .rotary = positions { true } else { false }
            case .residMid: !isAttentionOnly && block == .sequential
            case .mlpPre, .mlpPost, .mlpOut: !isAttentionOnly
            default: kind.hasLayers
            }
        }
    }
}
