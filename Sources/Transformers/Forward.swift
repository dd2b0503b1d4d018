// The forward pass, top to bottom. b: batch, p: position, d: d_model.
public import Torch

extension Transformer {
    /// Embeds, runs the blocks, unembeds; leaves as soon as the taps have all they asked for.
    func forward(_ tokens: Tokens, taps: inout Taps, logits: OutputPositions) throws {
        let ids = tokens.tensor(on: device)  // [b, p]
        var x = try embed(ids, &taps)  // [b, p, d]
        for (layer, block) in weights.blocks.enumerated() {
            guard let next = try run(block, layer, x, &taps) else { return }
            x = next
        }
        if taps.isDone { return }
        try unembed(x, tokens, logits, &taps)
    }

    private func embed(_ ids: Tensor, _ taps: inout Taps) throws -> Tensor {
        let tokens = try taps(Site(.embedding), weights.embedding.embedding(ids))
        guard let table = weights.positions else { return tokens }
        var positions = table[0..<ids.size(1)].unsqueeze(0)  // [1, p, d]
        let site = Site(.positionEmbedding)
        if taps.wants(site) { positions = try taps(site, positions.expand(tokens.shape)) }
        return tokens + positions
    }

    /// One block; nil when the taps were done before its end.
    private func run(_ block: BlockWeights, _ layer: Int, _ input: Tensor, _ taps: inout Taps) throws
        -> Tensor?
    {
        if taps.isDone { return nil }
        let x = try taps(Site(.residPre, layer: layer), input)
        let read = try normalize(
            x,
            block.norm1,
            scale: Site(.norm1Scale, layer: layer),
            to: Site(.norm1, layer: layer),
            &taps
        )
        guard let attention = try attend(block.attention, layer, read, &taps) else { return nil }
        let written = try taps(Site(.attentionOut, layer: layer), attention)
        guard let mlp = block.mlp else {
            return try taps(Site(.residPost, layer: layer), x + written)
        }
        switch config.block {
        case .sequential:
            let mid = try taps(Site(.residMid, layer: layer), x + written)
            if taps.isDone { return nil }
            return try taps(
                Site(.residPost, layer: layer),
                mid + feedForward(mlp, block.norm2, layer, mid, &taps)
            )
        case .parallel:
            if taps.isDone { return nil }
            let fed = try feedForward(mlp, block.norm2, layer, x, &taps)
            return try taps(Site(.residPost, layer: layer), x + written + fed)
        }
    }

    private func feedForward(
        _ mlp: MLPWeights,
        _ norm: NormWeights,
        _ layer: Int,
        _ x: Tensor,
        _ taps: inout Taps
    ) throws -> Tensor {
        let read = try normalize(
            x,
            norm,
            scale: Site(.norm2Scale, layer: layer),
            to: Site(.norm2, layer: layer),
            &taps
        )
        let pre = try taps(Site(.mlpPre, layer: layer), mlp.up(read))  // [b, p, d_mlp]
        let post = try taps(Site(.mlpPost, layer: layer), config.activation(pre))
        return try taps(Site(.mlpOut, layer: layer), mlp.down(post))
    }

    private func unembed(_ x: Tensor, _ tokens: Tokens, _ logits: OutputPositions, _ taps: inout Taps) throws
    {
        let scaleSite = Site(.finalNormScale)
        let site = Site(.finalNorm)
        // The norm acts on each position alone: without a tap only the positions asked for need it.
        let isTapped = taps.wants(scaleSite) || taps.wants(site)
        let read = try normalize(
            isTapped ? x : logits.select(from: x, tokens),
            weights.finalNorm,
            scale: scaleSite,
            to: site,
            &taps
        )
        if taps.isDone { return }
        let chosen = isTapped ? logits.select(from: read, tokens) : read
        _ = try taps(Site(.logits), weights.unembedding(chosen))
    }

    /// A norm over the residual stream; step by step only where a tap wants a part of it.
    private func normalize(
        _ x: Tensor,
        _ weights: NormWeights,
        scale scaleSite: Site,
        to site: Site,
        _ taps: inout Taps
    ) throws -> Tensor {
        switch config.normalization {
        case .none:
            return x
        case .layerNorm(let epsilon):
            guard taps.wants(scaleSite) || taps.wants(site) else {
                return x.layerNorm(weights.weight, weights.bias, epsilon: epsilon)
            }
            let centred = x - x.mean(-1, keep: true)
            let scale = try taps(scaleSite, ((centred * centred).mean(-1, keep: true) + epsilon).sqrt())
            var value = try taps(site, centred / scale)
            if let gain = weights.weight { value = value * gain }
            if let bias = weights.bias { value = value + bias }
            return value
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
