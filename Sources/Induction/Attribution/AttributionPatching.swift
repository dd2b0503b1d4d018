// Attribution patching (Nanda 2023; Syed, Rager and Conmy 2023): the effect of patching every activation, to first order.
//
// Quantity: (a_other - a_base) . dM/da, the gradient taken in the base run, summed over an activation's elements and the
// patched positions: what the metric M would change by if it were linear in a. In the metric's unit, positive where
// patching raises it. Denoising: base is the corrupted run, other the clean one. Noising: the other way.
//
// It is exact where the metric is linear in the activation. It fails where it is not: a softmax that is sure of itself in
// the base run has no gradient, whatever a patch would do to it, and a norm shrinks large changes. Hence the check:
// some nodes are patched, and the two numbers correlated.
public import Torch
public import Transformers

/// The effect of patching every node, by two forward passes and one backward pass a batch; and, for some nodes, by
/// patching.
///
/// Activations of a batch are held until its gradient is taken. A model whose blocks are read as they are needed has
/// them all in memory by then.
///
/// - Parameters:
///   - model: the model.
///   - base: prompts of the run that is changed, and in which gradients are taken.
///   - other: prompts of the run that the changes come from, each as long as that of `base`.
///   - kinds: which nodes; nil takes heads, attention, MLPs where there are any, and the residual stream that enters each block.
///   - positions: where nodes are patched; nil for all positions.
///   - isByPosition: one node a position, instead of one for all positions together.
///   - cells: predictions that are read, at least one a prompt; of a prompt's predictions the mean is taken.
///   - check: which nodes are patched as well; nil for none.
///   - batchSize: prompts at a time.
///   - budget: bytes that activations of the check may take; nil takes a quarter of what is free.
///   - progress: called with parts done and their number; what it throws ends the work.
///   - metric: one number a prediction, made of operations that have a derivative; its cells are those of `cells`.
/// - Throws: `TokensError`, `SelectionError`, and what `metric` and `progress` throw.
public func attributePatching(
    of model: Transformer,
    base: Tokens,
    other: Tokens,
    nodes kinds: [CausalComponent.Kind]? = nil,
    positions: [Int]? = nil,
    isByPosition: Bool = false,
    reading cells: [OutputCell],
    checking check: AttributionCheck? = AttributionCheck(),
    batchSize: Int = 8,
    budget: Int? = nil,
    progress: (Int, Int) throws -> Void = { _, _ in },
    metric: CellMetric
) throws -> AttributionEffects {
    let pair = RunPair(base: base, other: other, cells: cells)
    try pair.validate(for: model.config, heads: [], .z, positions: positions)
    let own: [CausalComponent.Kind] = [.head, .attention, .mlp, .residual]
    let kinds = kinds ?? own.filter { $0 != .mlp || !model.config.isAttentionOnly }
    let places = (positions.map { Array(Set($0)) } ?? Array(0..<base.length)).sorted()
    let nodes = kinds.flatMap { CausalComponent.all($0, in: model.config, at: isByPosition ? places : nil) }

    var effects = AttributionEffects(
        base: [],
        other: [],
        nodes: nodes.map { .init(component: $0, attribution: []) }
    )
    let chunks = pair.chunks(of: batchSize)
    let checks = check.map { (check: AttributionCheck) -> Int in
        let perKind = Dictionary(grouping: nodes, by: \.kind).values
        return perKind.reduce(0) { $0 + min(check.top + check.sample, $1.count) } * chunks.count
    }
    let parts = chunks.count + (checks ?? 0)
    var done = 0
    for chunk in chunks {
        try progress(done, parts)
        let gradients = try NodeGradients(model, chunk, kinds, metric)
        effects.base += gradients.base
        effects.other += gradients.other
        let found = gradients.attributions(at: places, isByPosition: isByPosition)
        for (node, values) in found.enumerated() { effects.nodes[node].attribution += values }
        done += 1
    }
    if let check {
        let checked = effects.checked(check, kinds)
        let indices = checked.flatMap { $0.top + $0.sample }
        for index in indices { effects.nodes[index].exact = [] }
        for chunk in chunks {
            let found = try chunk.patch(
                indices.map { nodes[$0].patched.narrowed(to: positions) },
                in: model,
                budget,
                progress: { made, count in if count > 0 { try progress(done + made, parts) } },
                metric
            )
            for (index, values) in zip(indices, found) {
                effects.nodes[index].exact?.append(contentsOf: values)
            }
            done += indices.count
        }
        effects.agreements = checked.map(effects.agreement)
    }
    try progress(parts, parts)
    return effects
}

extension Selector {
    /// Only these positions, unless it has its own.
    fileprivate func narrowed(to positions: [Int]?) -> Selector {
        var copy = self
        copy.positions = self.positions ?? positions
        return copy
    }
}

extension RunPair.Chunk {
    /// Patches each selection from the other run; patched minus base: [selection][prompt].
    fileprivate func patch(
        _ selections: [Selector],
        in model: Transformer,
        _ budget: Int?,
        progress: (Int, Int) throws -> Void,
        _ metric: CellMetric
    ) throws -> [[Double]] {
        let recorded = try model.run(other, recording: Selector.whole(selections), logits: .none)
        let found = try model.sweep(
            base,
            variations: selections.map { selection in
                var selection = selection
                selection.positions = existing(selection.positions)
                return selection.positions == [] ? [] : [.replace(selection, from: recorded)]
            },
            reading: cells,
            budget: budget,
            progress: progress,
            metric: { logits, local in try metric(logits, local.map { indices[$0] }) }
        )
        let base = promptMeans(found.base.map { $0[0] })
        return found.variations.map { values in zip(promptMeans(values.map { $0[0] }), base).map { $0 - $1 } }
    }
}
