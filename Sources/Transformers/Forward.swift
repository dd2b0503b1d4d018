// The forward pass, top to bottom. b: batch, p: position, d: d_model.
import Torch

extension Transformer {
    /// Embeds, runs the blocks, unembeds; leaves as soon as the taps have all they asked for.
    func forward(_ tokens: Tokens, taps: inout Taps, logits: OutputPositions) throws {
        let positions = 0..<tokens.length
        var x = try embed(tokens.tensor(on: device), positions, &taps)  // [b, p, d]
        let rotations = Rotations(config, positions: positions, dtype: dtype, device: device)
        for layer in 0..<weights.blocks.count {
            if taps.isDone { return }
            let block = try weights.blocks[layer]
            x = try taps(Site(.residPre, layer: layer), x)
            let scope = AttentionScope(rotation: rotations[layer])
            guard let z = try mixed(block, layer, x, scope, &taps),
                let next = try complete(block, layer, x, z, &taps)
            else { return }
            x = try taps(Site(.residPost, layer: layer), next)
        }
        if taps.isDone { return }
        try unembed(x, tokens, logits, &taps)
    }

    /// What enters the first block: ids [b, p] at these positions to [b, p, d].
    func embed(_ ids: Tensor, _ positions: Range<Int>, _ taps: inout Taps) throws -> Tensor {
        var tokens = weights.embedding.embedding(ids)
        if config.embeddingScale != 1 { tokens = tokens * config.embeddingScale }
        tokens = try taps(Site(.embedding), tokens)
        guard var vectors = positionVectors(positions)?.unsqueeze(0) else { return tokens }  // [1, p, d]
        let site = Site(.positionEmbedding)
        if taps.wants(site) { vectors = try taps(site, vectors.expand(tokens.shape)) }
        return tokens + vectors
    }

    /// What is added to the embeddings, [p, d].
    private func positionVectors(_ positions: Range<Int>) -> Tensor? {
        guard case .sinusoidal(let amplitude) = config.positions else { return weights.positions?[positions] }
        let vectors = Positions.sinusoids(positions, width: config.dModel) * amplitude
        return vectors.to(dtype, device: device)
    }

    /// A block from each head's weighted values on: what leaves it; nil when the taps were done before its end.
    ///
    /// - Parameters:
    ///   - x: what entered it, [b, p, d].
    ///   - z: [b, p, h, e], before it is tapped.
    ///   - places: the positions that go on, as [b, n]; nil for all.
    ///   - fed: what the MLP writes, before it is tapped, where that is known already.
    func complete(
        _ block: BlockWeights,
        _ layer: Int,
        _ x: Tensor,
        _ z: Tensor,
        goingOnAt places: Tensor? = nil,
        fed: Tensor? = nil,
        _ taps: inout Taps
    ) throws -> Tensor? {
        var (x, z) = (x, try taps(Site(.z, layer: layer), z))
        if taps.isDone { return nil }
        if let places { (x, z) = (x.rows(at: places), z.size(1) == places.size(1) ? z : z.rows(at: places)) }
        guard let attended = try write(block, layer, x, z, &taps) else { return nil }
        let written = try taps(Site(.attentionOut, layer: layer), attended)
        guard let mlp = block.mlp else { return x + written }
        if taps.isDone { return nil }
        switch config.block {
        case .sequential:
            let mid = try taps(Site(.residMid, layer: layer), x + written)
            if taps.isDone { return nil }
            return mid + (try taps(Site(.mlpOut, layer: layer), feedForward(mlp, block, layer, mid, &taps)))
        case .parallel:
            let fed = try fed ?? feedForward(mlp, block, layer, x, &taps)
            let sum = x + written
            sum.addInPlace(try taps(Site(.mlpOut, layer: layer), fed))
            return sum
        }
    }

    /// What attention writes, with its norm; nil when the taps were done before.
    private func write(
        _ block: BlockWeights,
        _ layer: Int,
        _ x: Tensor,
        _ z: Tensor,
        _ taps: inout Taps
    ) throws -> Tensor? {
        let inner: [SiteKind] = [.result, .norm1PostScale, .norm1Post]
        if taps.replaces(.attentionOut, layer: layer, rows: x.size(0), without: inner) { return x }
        guard let attended = try output(of: z, block.attention.output, layer, &taps) else { return nil }
        return try normalize(attended, block.norm1Post, .norm1PostScale, .norm1Post, layer, &taps)
    }

    /// What the MLP writes, with its norms.
    func feedForward(
        _ mlp: MLPWeights,
        _ block: BlockWeights,
        _ layer: Int,
        _ x: Tensor,
        _ taps: inout Taps
    ) throws -> Tensor {
        let inner: [SiteKind] = [
            .norm2Scale, .norm2, .mlpPre, .mlpPreLinear, .mlpPost, .norm2PostScale, .norm2Post,
        ]
        if taps.replaces(.mlpOut, layer: layer, rows: x.size(0), without: inner) { return x }
        let read = try normalize(x, block.norm2, .norm2Scale, .norm2, layer, &taps)
        let preSite = Site(.mlpPre, layer: layer)
        let first = mlp.gate ?? mlp.up  // [b, p, d_mlp]
        var hidden =
            taps.wants(preSite)
            ? config.activation(try taps(preSite, first(read))) : first(read, then: config.activation)
        if mlp.gate != nil {
            hidden = hidden * (try taps(Site(.mlpPreLinear, layer: layer), mlp.up(read)))
        }
        let post = try taps(Site(.mlpPost, layer: layer), hidden)
        return try normalize(mlp.down(post), block.norm2Post, .norm2PostScale, .norm2Post, layer, &taps)
    }

    /// The residual stream [b, p, d] that leaves the last block to logits at the positions asked for.
    private func unembed(_ x: Tensor, _ tokens: Tokens, _ logits: OutputPositions, _ taps: inout Taps) throws
    {
        // The norm acts on each position alone: without a tap only the positions asked for need it.
        let isTapped = taps.wants(Site(.finalNormScale)) || taps.wants(Site(.finalNorm))
        let read = try finalNormalized(isTapped ? x : logits.select(from: x, tokens), &taps)
        if taps.isDone { return }
        _ = try taps(Site(.logits), predicted(isTapped ? logits.select(from: read, tokens) : read))
    }

    /// The norm before the unembedding, [..., d].
    func finalNormalized(_ x: Tensor, _ taps: inout Taps) throws -> Tensor {
        try normalize(x, weights.finalNorm, .finalNormScale, .finalNorm, nil, &taps)
    }

    /// Logits of what the final norm gives: [..., d] to [..., vocab].
    ///
    /// - Parameters:
    ///   - unembedding: the model's own, perhaps packed.
    ///   - capped: whether a model that caps its logits does so here.
    func predicted(_ read: Tensor, by unembedding: Linear? = nil, capped: Bool = true) -> Tensor {
        let values = (unembedding ?? weights.unembedding)(read)
        guard capped, let cap = config.logitCap else { return values }
        return values.softCapped(cap)
    }

    /// A norm over the residual stream, or the value itself where the model has no such norm; step by step only where
    /// a tap wants a part of it.
    func normalize(
        _ x: Tensor,
        _ weights: NormWeights,
        _ scaleKind: SiteKind,
        _ kind: SiteKind,
        _ layer: Int?,
        _ taps: inout Taps
    ) throws -> Tensor {
        let (scaleSite, site) = (Site(scaleKind, layer: layer), Site(kind, layer: layer))
        guard weights.weight != nil, taps.wants(scaleSite) || taps.wants(site) else {
            return config.normalization(x, weights)
        }
        let (centred, divisor) = config.normalization.steps(x)
        let scale = try taps(scaleSite, divisor)
        var value = try taps(site, centred / scale)
        if let gain = weights.weight { value = value * gain }
        if let bias = weights.bias { value = value + bias }
        return value
    }
}

extension Normalization {
    /// The norm over the last axis, with gain and bias; the value itself where there is no gain, that is no such norm.
    func callAsFunction(_ x: Tensor, _ weights: NormWeights) -> Tensor {
        guard weights.weight != nil else { return x }
        return switch self {
        case .none: x
        case .layerNorm(let epsilon): x.layerNorm(weights.weight, weights.bias, epsilon: epsilon)
        case .rms(let epsilon): x.rmsNorm(weights.weight, epsilon: epsilon)
        }
    }

    /// What is divided, and by what: [..., 1].
    fileprivate func steps(_ x: Tensor) -> (centred: Tensor, divisor: Tensor) {
        switch self {
        case .none:
            return (x, Tensor.ones(Array(x.shape.dropLast()) + [1], dtype: x.dtype, device: x.device))
        case .layerNorm(let epsilon):
            let centred = x - x.mean(-1, keep: true)
            return (centred, ((centred * centred).mean(-1, keep: true) + epsilon).sqrt())
        case .rms(let epsilon):
            return (x, ((x * x).mean(-1, keep: true) + epsilon).sqrt())
        }
    }
}

extension Tensor {
    /// Rows [b, n, ...] of this [b, p, ...] at `places` [b, n].
    func rows(at places: Tensor) -> Tensor {
        index([Tensor.range(to: size(0), device: device).unsqueeze(1), places])
    }
}

extension OutputPositions {
    /// The chosen positions of [b, p, d].
    func select(from x: Tensor, _ tokens: Tokens) -> Tensor {
        switch self {
        case .all:
            return x
        case .last:
            let rows = Tensor.range(to: tokens.count, device: x.device)
            let ends = Tensor(tokens.lengths.map { $0 - 1 }, device: x.device)
            return x.index([rows, ends]).unsqueeze(1)
        case .at(let positions):
            return x.indexSelect(1, Tensor(positions, device: x.device))
        case .none:
            return x.slice(1, 0..<0)
        }
    }
}
