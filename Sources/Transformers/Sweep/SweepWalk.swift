// One way through the layers for many variations: each joins the batch where it leaves the base run, so that a layer's
// weights are read once for all of them.
//
// Rows of the batch are [variation, prompt], variation by variation in the order of their starts.
import Torch

/// Variations that go through the layers together: they compute the same positions.
struct SweepBatch {
    /// In the order of their starts.
    let variations: [SweepVariation]
    /// The first position that is computed.
    let firstPosition: Int

    /// Variations that begin at a place.
    func count(at layer: Int, _ stage: SweepStart.Stage) -> Int {
        variations.count { $0.start.layer == layer && $0.start.stage == stage }
    }
}

/// A batch on some of the prompts.
struct SweepWalk {
    let model: Transformer
    /// The blocks' weights.
    let blocks: SweepBlocks
    /// The prompts.
    let tokens: Tokens
    /// Which prompts, of how many.
    let extent: Extent
    /// Where predictions are read: places [prompt, n] in the positions computed.
    let outputs: Tensor

    /// What leaves the last block at the outputs, for each variation: [variation x prompt, n, d]; all positions where
    /// variations edit what comes after the blocks.
    func run(_ batch: SweepBatch, from base: SweepBase, _ taps: inout Taps) throws -> Tensor {
        var x: Tensor?
        for layer in (batch.variations.first?.start.layer ?? 0)..<model.config.layers {
            x = try step(layer, x, batch, base, &taps)
        }
        return try end(x, batch, base)
    }

    /// The run without edits, which leaves states for the variations.
    func runBase(keeping base: inout SweepBase) throws -> Tensor {
        var taps = Taps([], extent: extent)
        let ids = tokens.tensor(on: model.device, length: extent.positions.upperBound)
        var x = try model.embed(ids, extent.positions, &taps)
        for layer in 0..<model.config.layers {
            base.keep(stream: x, entering: layer)
            let block = try blocks[layer]
            let isLast = layer == model.config.layers - 1
            // Of the last layer what nobody needs is left out.
            let isNarrow = isLast && outputs.size(1) < x.size(1) && !base.needs.streams.contains(layer + 1)
            let places = isNarrow ? outputs : nil
            let narrowsQueries = isNarrow && !base.needs.mixed.contains(layer)
            let scope = AttentionScope(
                rotation: blocks.rotation(layer, of: extent.positions),
                queries: narrowsQueries ? places : nil,
                keepsKeys: true
            )
            guard
                let z = try model.mixed(block, layer, x, scope, &taps, keep: { base.keep($0, layer) })
            else { preconditionFailure("a sweep's pass ends at the last layer") }
            base.keep(mixed: z, layer)
            var fed: Tensor?
            if let mlp = block.mlp, model.config.block == .parallel, base.needs.mixed.contains(layer) {
                let written = try model.feedForward(mlp, block, layer, x, &taps)
                base.keep(fed: written, layer)
                fed = places.map { written.rows(at: $0) } ?? written
            }
            guard
                let next = try model.complete(
                    block,
                    layer,
                    x,
                    z,
                    goingOnAt: places,
                    fed: fed,
                    &taps
                )
            else { preconditionFailure("a sweep's pass ends at the last layer") }
            x = next
        }
        base.keep(stream: x, entering: model.config.layers)
        return x.size(1) == outputs.size(1) ? x : x.rows(at: outputs)
    }

    /// One layer: those who begin in it join, the others go through it.
    private func step(
        _ layer: Int,
        _ entering: Tensor?,
        _ batch: SweepBatch,
        _ base: SweepBase,
        _ taps: inout Taps
    ) throws -> Tensor? {
        var x = entering
        let first = batch.firstPosition
        if layer == 0 { x = try embedded(batch.count(at: 0, .embedding), &taps) }
        x = join(x, batch.count(at: layer, .input)) { base.stream(entering: layer, from: first, times: $0) }
        x = try x.map { try taps(Site(.residPre, layer: layer), $0) }

        let block = try blocks[layer]
        let going = goingOn(layer, batch, length: extent.positions.count)
        var z: Tensor?
        var fed: Tensor?
        if let x {
            let scope = AttentionScope(
                rotation: blocks.rotation(layer, of: extent.positions),
                past: base.past(layer, before: first),
                queries: going.queries
            )
            z = try model.mixed(block, layer, x, scope, &taps)
        }
        let joining = batch.count(at: layer, .mixed)
        if joining > 0 {
            if let mlp = block.mlp, model.config.block == .parallel {
                fed = try x.map { try model.feedForward(mlp, block, layer, $0, &taps) }
                fed = join(fed, joining) { base.fed(layer, from: first, times: $0) }
                if let places = going.places { fed = fed?.rows(at: places) }
            }
            x = join(x, joining) { base.stream(entering: layer, from: first, times: $0) }
            z = join(z, joining) { base.mixed(layer, from: first, times: $0) }
        }
        if let before = x, let z {
            let places = going.places
            x = try model.complete(block, layer, before, z, goingOnAt: places, fed: fed, &taps)
        }
        x = join(x, batch.count(at: layer, .output)) {
            base.stream(entering: layer + 1, from: first, times: $0)
        }
        return try x.map { try taps(Site(.residPost, layer: layer), $0) }
    }

    private func embedded(_ count: Int, _ taps: inout Taps) throws -> Tensor? {
        guard count > 0 else { return nil }
        let ids = tokens.tensor(on: model.device, length: extent.positions.upperBound)
            .slice(1, extent.positions)
        let rows = count == 1 ? ids : Tensor.cat(Array(repeating: ids, count: count))
        return try model.embed(rows, extent.positions, &taps)
    }

    private func join(_ x: Tensor?, _ count: Int, _ joining: (Int) -> Tensor) -> Tensor? {
        guard count > 0 else { return x }
        let new = joining(count)
        return x.map { .cat([$0, new]) } ?? new
    }

    /// In the last layer only the outputs go on, from where no edit needs the other positions any more.
    private func goingOn(_ layer: Int, _ batch: SweepBatch, length: Int) -> (
        queries: Tensor?, places: Tensor?
    ) {
        guard layer == model.config.layers - 1, outputs.size(1) < length,
            !batch.variations.contains(where: \.editsOutputs)
        else { return (nil, nil) }
        let edited = batch.variations.flatMap { $0.edits.keys }.filter { $0.layer == layer }.map(\.kind)
        let order = SiteKind.allCases
        func isEdited(after kind: SiteKind) -> Bool {
            edited.contains { (order.firstIndex(of: $0) ?? 0) > (order.firstIndex(of: kind) ?? 0) }
        }
        if isEdited(after: .z) || batch.count(at: layer, .output) > 0 { return (nil, nil) }
        let places = outputs.repeated(batch.variations.count)
        return (isEdited(after: .norm1) || batch.count(at: layer, .mixed) > 0 ? nil : places, places)
    }

    private func end(_ x: Tensor?, _ batch: SweepBatch, _ base: SweepBase) throws -> Tensor {
        guard let x else { preconditionFailure("a batch without variations") }
        if batch.variations.contains(where: \.editsOutputs) || x.size(1) == outputs.size(1) { return x }
        return x.rows(at: outputs.repeated(batch.variations.count))
    }
}

extension Tensor {
    /// This, `count` times along the first axis.
    fileprivate func repeated(_ count: Int) -> Tensor {
        count == 1 ? self : .cat(Array(repeating: self, count: count))
    }
}
