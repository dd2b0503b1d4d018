// What each mode of ablation writes where, and what has to be known before.
import Torch
import Transformers

extension Ablation {
    /// What edits take values from.
    enum Source {
        /// Nowhere: parts are zeroed.
        case nothing
        /// Means over the reference prompts.
        case means(SiteMeans)
        /// A run on other prompts, for resampling.
        case lenders(Recording)
        /// The base run's patterns.
        case patterns(Recording)
    }

    /// The edits that cut one part.
    ///
    /// - Parameter length: positions of the prompts that are run.
    func edits(
        of component: CausalComponent,
        in model: Transformer,
        length: Int,
        from source: Source
    ) throws -> [Intervention] {
        let selectors = component.ablated(in: model.config)
        switch source {
        case .nothing:
            return try selectors.map { try zero($0, in: model) }
        case .means(let means):
            return selectors.map { means.replacing($0, length: length) }
        case .lenders(let recording):
            return selectors.map { .replace($0, from: recording) }
        case .patterns(let recording):
            let zeroed = try selectors.map { try zero($0, in: model) }
            let later = component.layer + 1..<model.config.layers
            return zeroed + (later.isEmpty ? [] : [.replace(.pattern.layers(later), from: recording)])
        }
    }

    private func zero(_ selector: Selector, in model: Transformer) throws -> Intervention {
        guard
            zeroPoint != .raw, selector.kind == .z, let layer = selector.layers?.first,
            let head = selector.heads?.first,
            let kept = try constantValue(Head(layer: layer, index: head), in: model)
        else { return .zero(selector) }
        return .replace(selector, with: kept)
    }

    /// What of a head's values does not depend on the position, [d_head]; nil where the weights have no such part.
    private func constantValue(_ head: Head, in model: Transformer) throws -> Tensor? {
        let (config, block) = (model.config, try model.weights.blocks[head.layer])
        // Values stand behind queries and keys; query heads share those of their group.
        let group = config.heads + config.keyValueHeads + head.index / (config.heads / config.keyValueHeads)
        let rows = group * config.dHead..<(group + 1) * config.dHead
        let map = block.attention.qkv
        guard zeroPoint == .foldedWeights, let offset = block.norm1.bias else { return map.bias?[rows] }
        return offset.unsqueeze(0).linear(map.weight[rows], map.bias?[rows]).squeeze(0)
    }

    /// What a run on the prompts has to keep for the edits.
    func recorded(_ components: [CausalComponent], in config: TransformerConfig) -> [Selector] {
        switch mode {
        case .zero, .mean, .meanAll:
            return []
        case .resample:
            return Selector.whole(components.flatMap { $0.ablated(in: config) })
        case .patternPreserving:
            let first = components.map(\.layer).min().map { $0 + 1 } ?? config.layers
            return first < config.layers ? [.pattern.layers(first..<config.layers)] : []
        }
    }

    /// What the edits of a part of the prompts take values from.
    ///
    /// - Parameters:
    ///   - kept: of `recorded(_:in:)`.
    ///   - lenders: the prompts, or for resampling those that lend to them.
    func source(
        _ means: SiteMeans?,
        keeping kept: [Selector],
        of lenders: Tokens,
        in model: Transformer
    ) throws -> Source {
        if let means { return .means(means) }
        guard !kept.isEmpty else { return .nothing }
        let recording = try model.run(lenders, recording: kept, logits: .none)
        return mode == .resample ? .lenders(recording) : .patterns(recording)
    }

    /// The means that are put in place of parts; nil for other modes.
    ///
    /// - Throws: `TokensError`, `SelectionError`, `EffectError.referenceTooShort`.
    func means(
        of components: [CausalComponent],
        in model: Transformer,
        for prompts: Tokens
    ) throws -> SiteMeans? {
        guard mode == .mean || mode == .meanAll else { return nil }
        let reference = self.reference ?? prompts
        guard mode == .meanAll || reference.length >= prompts.length else {
            throw EffectError.referenceTooShort(reference: reference.length, needed: prompts.length)
        }
        return try SiteMeans(
            at: Selector.whole(components.flatMap { $0.ablated(in: model.config) }),
            of: reference,
            in: model,
            overPositions: mode == .meanAll
        )
    }

    /// Each prompt's lender: prompts of one length permuted, none in its own place, every such permutation alike.
    ///
    /// - Throws: `EffectError.nothingToResample`.
    func lenders(for prompts: Tokens) throws -> [[Int]] {
        var generator = SeededGenerator(seed: seed)
        var lenders = prompts.rows
        let groups = Dictionary(grouping: prompts.rows.indices) { prompts.rows[$0].count }
        for (length, group) in groups.sorted(by: { $0.key < $1.key }) {
            guard group.count > 1 else {
                throw EffectError.nothingToResample(prompt: group[0], length: length)
            }
            // About one permutation in e leaves none in its place.
            var drawn = group
            while zip(drawn, group).contains(where: ==) { drawn = generator.shuffled(group) }
            lenders.place(drawn.map { prompts.rows[$0] }, at: group)
        }
        return lenders
    }
}
