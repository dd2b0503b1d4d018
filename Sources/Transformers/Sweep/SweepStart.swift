// Where a variation leaves the base run.

/// A variation, resolved to the sites of a model.
struct SweepVariation {
    /// Its place in the caller's list.
    let index: Int
    /// Edits by site, in the caller's order.
    let edits: [Site: [Intervention]]
    /// Where in the model it leaves the base run.
    let start: SweepStart
    /// The first position that it touches: causal attention leaves all before as they are.
    let firstPosition: Int
    /// Whether it edits the final norm or the logits.
    let editsOutputs: Bool

    /// - Throws: `SelectionError`.
    init(_ index: Int, _ interventions: [Intervention], of config: TransformerConfig, positionCount: Int)
        throws
    {
        var edits: [Site: [Intervention]] = [:]
        for intervention in interventions {
            for site in try config.resolve(intervention.selector, positionCount: positionCount) {
                edits[site, default: []].append(intervention)
            }
        }
        self.index = index
        self.edits = edits
        start = edits.keys.map { SweepStart($0, config) }.min() ?? .end(of: config)
        firstPosition = interventions.map { $0.selector.positions?.min() ?? 0 }.min() ?? 0
        editsOutputs = edits.keys.contains { $0.kind.isOutput }
    }
}

/// A place in the model at which the base run's state is known, in the order of computation.
struct SweepStart: Comparable, Hashable {
    /// What is known there.
    enum Stage: Int, Comparable {
        /// Nothing but the ids.
        case embedding
        /// What enters the block.
        case input
        /// Each head's weighted values.
        case mixed
        /// What leaves the block.
        case output

        static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
    }

    let layer: Int
    let stage: Stage

    private init(layer: Int, stage: Stage) {
        (self.layer, self.stage) = (layer, stage)
    }

    /// Where the base run ends.
    static func end(of config: TransformerConfig) -> SweepStart {
        SweepStart(layer: config.layers - 1, stage: .output)
    }

    /// The last known state before a site.
    init(_ site: Site, _ config: TransformerConfig) {
        guard let layer = site.layer else {
            self = site.kind.isOutput ? .end(of: config) : SweepStart(layer: 0, stage: .embedding)
            return
        }
        let stage: Stage =
            switch site.kind {
            case .z, .result, .norm1PostScale, .norm1Post, .attentionOut, .residMid: .mixed
            // In a parallel block what the MLP writes is the base run's, and known with it.
            case .mlpOut: .mixed
            case .norm2Scale, .norm2, .mlpPre, .mlpPreLinear, .mlpPost, .norm2PostScale, .norm2Post:
                config.block == .sequential ? .mixed : .input
            case .residPost: .output
            default: .input
            }
        self.init(layer: layer, stage: stage)
    }

    static func < (a: SweepStart, b: SweepStart) -> Bool { (a.layer, a.stage) < (b.layer, b.stage) }
}

extension SiteKind {
    /// Whether it comes after the blocks.
    var isOutput: Bool { self == .finalNormScale || self == .finalNorm || self == .logits }
}
