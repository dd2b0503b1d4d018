// Attention: softmax(scale q k^T + causal mask) v, head by head, then the output map. Where query heads share key/value
// heads, scores, pattern and z are still per query head.
//
// b: batch, p: position, h: query head, g: key/value head, e: d_head, d: d_model.
import Torch

extension Transformer {
    /// What attention writes, [b, p, d]; nil when the taps were done before its end.
    func attend(
        _ weights: AttentionWeights,
        _ layer: Int,
        _ x: Tensor,
        _ rotation: Rotation?,
        _ taps: inout Taps
    ) throws -> Tensor? {
        let (heads, groups, width) = (config.heads, config.keyValueHeads, config.dHead)
        let qkv = weights.qkv(x)  // [b, p, (h + 2g) e]
        func part(_ first: Int, _ count: Int) -> Tensor {
            qkv.slice(2, first * width..<(first + count) * width).reshape(x.size(0), x.size(1), count, width)
        }
        var q = try taps(Site(.q, layer: layer), part(0, heads))  // [b, p, h, e]
        var k = try taps(Site(.k, layer: layer), part(heads, groups))  // [b, p, g, e]
        let v = try taps(Site(.v, layer: layer), part(heads + groups, groups))  // [b, p, g, e]
        q = normalizeHeads(q, weights.queryNorm)
        k = normalizeHeads(k, weights.keyNorm)
        if let rotation {
            q = try taps(Site(.rotatedQ, layer: layer), rotation(q))
            k = try taps(Site(.rotatedK, layer: layer), rotation(k))
        }
        if taps.isDone { return nil }
        guard let mixed = try mix(q, k, v, layer, &taps) else { return nil }
        let z = try taps(Site(.z, layer: layer), mixed)  // [b, p, h, e]
        if taps.isDone { return nil }
        return try write(z, weights.output, layer, &taps)
    }

    /// The norm of queries or keys, [b, p, head, e], where the family has one.
    private func normalizeHeads(_ x: Tensor, _ norm: NormWeights) -> Tensor {
        switch config.queryKeyNorm {
        case .none: x
        case .perHead: config.normalization(x, norm)
        case .acrossHeads:
            config.normalization(x.reshape(x.size(0), x.size(1), x.size(2) * x.size(3)), norm).reshape(
                x.shape
            )
        }
    }

    /// Each head's weighted values, [b, p, h, e]. Fused unless a tap wants scores or pattern.
    private func mix(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ layer: Int, _ taps: inout Taps) throws
        -> Tensor?
    {
        // [b, p, h, e] -> [b, h, p, e]
        let (queries, keys, values) = (q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        let (scoresSite, patternSite) = (Site(.scores, layer: layer), Site(.pattern, layer: layer))
        let (scale, window) = (config.attentionScale(of: layer), config.window(of: layer))
        // Fused attention knows no cap.
        if config.scoreCap == nil, !taps.wants(scoresSite), !taps.wants(patternSite) {
            return Tensor.causalAttention(queries, keys, values, scale: scale, window: window)
                .transpose(1, 2)
        }
        // [b, h, p, e] [b, h, e, p] -> [b, h, query, key]
        var products = (queries * scale).matmul(perQueryHead(keys).mT)
        if let cap = config.scoreCap { products = products.softCapped(cap) }
        let scores = try taps(scoresSite, products.maskingCausallyInPlace(window: window))
        if taps.isDone { return nil }
        let pattern = try taps(patternSite, scores.softmax())
        if taps.isDone { return nil }
        return pattern.matmul(perQueryHead(values)).transpose(1, 2)
    }

    /// Key/value heads repeated for the query heads that share them: [b, g, p, e] -> [b, h, p, e].
    private func perQueryHead(_ x: Tensor) -> Tensor {
        let (heads, groups) = (config.heads, config.keyValueHeads)
        if heads == groups { return x }
        let (batch, positions, width) = (x.size(0), x.size(2), x.size(3))
        return x.unsqueeze(2)  // [b, g, 1, p, e]
            .expand([batch, groups, heads / groups, positions, width])
            .reshape(batch, heads, positions, width)
    }

    /// The output map, head by head only where a tap wants each head's share.
    private func write(_ z: Tensor, _ output: Linear, _ layer: Int, _ taps: inout Taps) throws -> Tensor? {
        let site = Site(.result, layer: layer)
        let (heads, width, dModel) = (config.heads, config.dHead, config.dModel)
        guard taps.wants(site) else {
            return output(z.reshape(z.size(0), z.size(1), heads * width))
        }
        // [d, h e] -> [h, e, d]
        let perHead = output.weight.reshape(dModel, heads, width).permute(1, 2, 0)
        // [b, p, h, 1, e] [h, e, d] -> [b, p, h, 1, d]
        let result = try taps(site, z.unsqueeze(3).matmul(perHead).squeeze(3))
        if taps.isDone { return nil }
        let sum = result.sum(2)
        return output.bias.map { sum + $0 } ?? sum
    }
}
