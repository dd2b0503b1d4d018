// The forward pass, top to bottom. b: batch, p: position, d: d_model.
public import Torch

extension Transformer {
    /// Embeds, runs the blocks, unembeds; leaves as soon as the taps have all they asked for.
    func forward(_ tokens: Tokens, taps: inout Taps, logits: OutputPositions) throws {
        let ids = tokens.tensor(on: device)  // [b, p]
        var x = try embed(ids, &taps)  // [b, p, d]
        let rotations = Rotations(config, length: tokens.length, dtype: dtype, device: device)
        for layer in 0..<weights.blocks.count {
            if taps.isDone { return }
            let block = try weights.blocks[layer]
            guard let next = try run(block, layer, x, rotations[layer], &taps) else { return }
            x = next
        }
        if taps.isDone { return }
        try unembed(x, tokens, logits, &taps)
    }

    private func embed(_ ids: Tensor, _ taps: inout Taps) throws -> Tensor {
        var tokens = weights.embedding.embedding(ids)
        if config.embeddingScale != 1 { tokens = tokens * config.embeddingScale }
        tokens = try taps(Site(.embedding), tokens)
        guard let table = weights.positions else { return tokens }
        var positions = table[0..<ids.size(1)].unsqueeze(0)  // [1, p, d]
        let site = Site(.positionEmbedding)
        if taps.wants(site) { positions = try taps(site, positions.expand(tokens.shape)) }
        return tokens + positions
    }

    /// One block; nil when the taps were done before its end.
    private func run(
        _ block: BlockWeights,
        _ layer: Int,
        _ input: Tensor,
        _ rotation: Rotation?,
        _ taps: inout Taps
    ) throws -> Tensor? {
        let x = try taps(Site(.residPre, layer: layer), input)
        let read = try normalize(x, block.norm1, .norm1Scale, .norm1, layer, &taps)
        guard let attended = try attend(block.attention, layer, read, rotation, &taps) else { return nil }
        let attention = try normalize(attended, block.norm1Post, .norm1PostScale, .norm1Post, layer, &taps)
        let written = try taps(Site(.attentionOut, layer: layer), attention)
        guard let mlp = block.mlp else {
            return try taps(Site(.residPost, layer: layer), x + written)
        }
        if taps.isDone { return nil }
        switch config.block {
        case .sequential:
            let mid = try taps(Site(.residMid, layer: layer), x + written)
            if taps.isDone { return nil }
            let fed = try feedForward(mlp, block, layer, mid, &taps)
            return try taps(Site(.residPost, layer: layer), mid + fed)
        case .parallel:
            let fed = try feedForward(mlp, block, layer, x, &taps)
            return try taps(Site(.residPost, layer: layer), x + written + fed)
        }
    }

    /// What the MLP writes, with its norms.
    private func feedForward(
        _ mlp: MLPWeights,
        _ block: BlockWeights,
        _ layer: Int,
        _ x: Tensor,
        _ taps: inout Taps
    ) throws -> Tensor {
        let read = try normalize(x, block.norm2, .norm2Scale, .norm2, layer, &taps)
        let pre = try taps(Site(.mlpPre, layer: layer), (mlp.gate ?? mlp.up)(read))  // [b, p, d_mlp]
        var hidden = config.activation(pre)
        if mlp.gate != nil {
            hidden = hidden * (try taps(Site(.mlpPreLinear, layer: layer), mlp.up(read)))
        }
        let post = try taps(Site(.mlpPost, layer: layer), hidden)
        let written = try normalize(
            mlp.down(post),
            block.norm2Post,
            .norm2PostScale,
            .norm2Post,
            layer,
            &taps
        )
        return try taps(Site(.mlpOut, layer: layer), written)
    }

    private func unembed(_ x: Tensor, _ tokens: Tokens, _ logits: OutputPositions, _ taps: inout Taps) throws
    {
        // The norm acts on each position alone: without a tap only the positions asked for need it.
        let isTapped = taps.wants(Site(.finalNormScale)) || taps.wants(Site(.finalNorm))
        let read = try normalize(
            isTapped ? x : logits.select(from: x, tokens),
            weights.finalNorm,
            .finalNormScale,
            .finalNorm,
            nil,
            &taps
        )
        if taps.isDone { return }
        var values = weights.unembedding(isTapped ? logits.select(from: read, tokens) : read)
        if let cap = config.logitCap { values = values.softCapped(cap) }
        _ = try taps(Site(.logits), values)
    }

    /// A norm over the residual stream, or the value itself where the model has no such norm; step by step only where
    /// a tap wants a part of it.
    private func normalize(
        _ x: Tensor,
        _ weights: NormWeights,
        _ scaleKind: SiteKind,
        _ kind: SiteKind,
        _ layer: Int?,
        _ taps: inout Taps
    ) throws -> Tensor {
        guard weights.weight != nil else { return x }
        let (scaleSite, site) = (Site(scaleKind, layer: layer), Site(kind, layer: layer))
        guard taps.wants(scaleSite) || taps.wants(site) else { return config.normalization(x, weights) }
        let (centred, divisor) = config.normalization.steps(x)
        let scale = try taps(scaleSite, divisor)
        var value = try taps(site, centred / scale)
        if let gain = weights.weight { value = value * gain }
        if let bias = weights.bias { value = value + bias }
        return value
    }
}

extension Normalization {
    /// The norm over the last axis, with gain and bias.
    func callAsFunction(_ x: Tensor, _ weights: NormWeights) -> Tensor {
        switch self {
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

extension Activation {
    /// The function, element by element.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .gelu: x.gelu()
        case .geluTanh: x.geluTanh()
        case .relu: x.relu()
        case .silu: x.silu()
        }
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
