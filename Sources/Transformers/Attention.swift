// Attention: softmax(scale q k^T + causal mask) v, head by head, then the output map. Where query heads share key/value
// heads, scores, pattern and z are still per query head.
//
// b: batch, p: position, n: query position, h: query head, g: key/value head, e: d_head, d: d_model.
import Torch

/// What attention sees of the sequence. A plain run computes all of it; a sweep computes the positions from the first that
/// is touched on, and in the last layer only the queries that matter.
struct AttentionScope {
    /// Of the positions computed.
    var rotation: Rotation?
    /// Keys and values of the positions before those that are computed. The batch holds variations of these prompts, one
    /// variation after the other.
    var past: KeyValues?
    /// The computed positions that are queries, [b, n], where not all are.
    var queries: Tensor?
    /// Whether keys and values are kept for other runs.
    var keepsKeys = false
}

/// Keys as attention sees them, and values: [b, p, g, e].
struct KeyValues {
    var keys: Tensor
    var values: Tensor
    /// Keys before they were smeared, where they are: the key after the last is mixed with the last of these.
    var plainKeys: Tensor?

    /// Each part.
    func map(_ transform: (Tensor) -> Tensor) -> KeyValues {
        KeyValues(keys: transform(keys), values: transform(values), plainKeys: plainKeys.map(transform))
    }

    /// The first positions.
    func first(_ count: Int) -> KeyValues { map { $0.slice(1, 0..<count) } }
}

extension Transformer {
    /// Each head's weighted values, [b, n, h, e], before they are tapped; nil when the taps were done before.
    ///
    /// - Parameters:
    ///   - x: what enters the block, [b, p, d].
    ///   - keep: is shown keys and values, where the scope says that they are kept.
    func mixed(
        _ block: BlockWeights,
        _ layer: Int,
        _ x: Tensor,
        _ scope: AttentionScope,
        _ taps: inout Taps,
        keep: (KeyValues) -> Void = { _ in }
    ) throws -> Tensor? {
        let (rows, heads, groups) = (x.size(0), config.heads, config.keyValueHeads)
        if replacesMixed(layer, rows: rows, taps) {
            let shape = [rows, scope.queries?.size(1) ?? x.size(1), heads, config.dHead]
            return .empty(shape, dtype: x.dtype, device: x.device)
        }
        let read = try normalize(x, block.norm1, .norm1Scale, .norm1, layer, &taps)
        let weights = block.attention
        if taps.replaces(.pattern, layer: layer, rows: rows, without: SiteKind.leadingToPattern) {
            let v = try taps(Site(.v, layer: layer), project(read, weights, heads + groups, groups))
            let keys = (scope.past?.keys.size(1) ?? 0) + x.size(1)
            let shape = [rows, heads, x.size(1), keys]
            let pattern = try taps(
                Site(.pattern, layer: layer),
                .empty(shape, dtype: x.dtype, device: x.device)
            )
            if taps.isDone { return nil }
            return weigh(pattern, v, scope)
        }
        if let queries = scope.queries, paysWithoutKeys(read, queries, scope),
            !taps.wants(SiteKind.leadingToPattern + [.v, .pattern], layer: layer)
        {
            return mixedWithoutKeys(read, weights, layer, scope, queriesAt: queries)
        }
        var (q, k, v) = projected(read, weights, scope)
        // What a tap has seen or put there must not change afterwards.
        let isOurs = !taps.wants([.q, .k], layer: layer)
        q = try taps(Site(.q, layer: layer), q)  // [b, n, h, e]
        k = try taps(Site(.k, layer: layer), k)  // [b, p, g, e]
        v = try taps(Site(.v, layer: layer), v)  // [b, p, g, e]
        let plainKeys = weights.smear.map { _ in k }
        if let smear = weights.smear { k = smeared(k, by: smear, after: scope.past?.plainKeys) }
        q = normalizeHeads(q, weights.queryNorm)
        k = normalizeHeads(k, weights.keyNorm)
        if let rotation = scope.rotation {
            let turned = (scope.queries.map(rotation.at) ?? rotation)(q, overwriting: isOurs)
            q = try taps(Site(.rotatedQ, layer: layer), turned)
            k = try taps(Site(.rotatedK, layer: layer), rotation(k, overwriting: isOurs))
        }
        if taps.isDone { return nil }
        keep(KeyValues(keys: k, values: v, plainKeys: plainKeys))
        return try mix(q, k, v, layer, scope, &taps)
    }

    /// Whether what attention computes is replaced whole.
    private func replacesMixed(_ layer: Int, rows: Int, _ taps: Taps) -> Bool {
        let inner: [SiteKind] = SiteKind.leadingToPattern + [.norm1Scale, .norm1, .v, .pattern]
        return taps.replaces(.z, layer: layer, rows: rows, without: inner)
            || taps.replaces(
                .attentionOut,
                layer: layer,
                rows: rows,
                without: inner + [.z, .result, .norm1PostScale, .norm1Post]
            )
    }

    /// Queries, keys and values: one product, or two where only some positions are queries.
    private func projected(_ read: Tensor, _ weights: AttentionWeights, _ scope: AttentionScope) -> (
        Tensor, Tensor, Tensor
    ) {
        let (heads, groups, width) = (config.heads, config.keyValueHeads, config.dHead)
        func parts(_ x: Tensor, _ counts: [Int]) -> [Tensor] {
            zip(x.split(counts.map { $0 * width }, axis: 2), counts).map { part, count in
                part.reshape(x.size(0), x.size(1), count, width)
            }
        }
        if let queries = scope.queries {
            let q = project(read.rows(at: queries), weights, 0, heads)
            let kv = parts(
                weights.qkv.part(heads * width..<(heads + 2 * groups) * width)(read),
                [groups, groups]
            )
            return (q, kv[0], kv[1])
        }
        let qkv = parts(weights.qkv(read), [heads, groups, groups])
        return (qkv[0], qkv[1], qkv[2])
    }

    /// Some heads of queries, keys and values: [b, p, d] to [b, p, count, e].
    func project(_ read: Tensor, _ weights: AttentionWeights, _ first: Int, _ count: Int) -> Tensor {
        let width = config.dHead
        return weights.qkv.part(first * width..<(first + count) * width)(read)
            .reshape(read.size(0), read.size(1), count, width)
    }

    /// Keys [b, p, g, e], each mixed with the one before it; the first of a sequence stays as it is.
    ///
    /// - Parameters:
    ///   - logits: [g]
    ///   - earlier: plain keys [prompt, p, g, e] of the positions before these; the batch holds variations of these
    ///     prompts, one variation after the other.
    private func smeared(_ k: Tensor, by logits: Tensor, after earlier: Tensor?) -> Tensor {
        var before = k.slice(1, 0..<1)
        if let earlier {
            let last = earlier.slice(1, earlier.size(1) - 1..<earlier.size(1))
            before = .cat(Array(repeating: last, count: k.size(0) / last.size(0)))
        }
        let previous = Tensor.cat([before, k.slice(1, 0..<k.size(1) - 1)], axis: 1)
        return previous + (k - previous) * logits.sigmoid().unsqueeze(1)
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

    /// Each head's weighted values, [b, n, h, e]. Fused unless a tap wants scores or pattern, or not all positions are
    /// there.
    private func mix(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        _ layer: Int,
        _ scope: AttentionScope,
        _ taps: inout Taps
    ) throws -> Tensor? {
        // [b, p, h, e] -> [b, h, p, e]
        let (queries, keys) = (q.transpose(1, 2), k.transpose(1, 2))
        let (scoresSite, patternSite) = (Site(.scores, layer: layer), Site(.pattern, layer: layer))
        let (scale, window) = (config.attentionScale(of: layer), config.window(of: layer))
        let isWhole = scope.past == nil && scope.queries == nil
        // Fused attention knows no cap.
        if isWhole, config.scoreCap == nil, !taps.wants(scoresSite), !taps.wants(patternSite) {
            return Tensor.causalAttention(queries, keys, v.transpose(1, 2), scale: scale, window: window)
                .transpose(1, 2)
        }
        let scaled = queries * scale
        // [b, h, n, e] [b, h, e, p] -> [b, h, query, key]
        var products = scaled.matmul(perQueryHead(keys).mT)
        if let past = scope.past {
            let earlier = perQueryHead(past.keys.transpose(1, 2)).mT  // [prompt, h, e, p]
            products = .cat([matmul(scaled, past: earlier), products], axis: 3)
        }
        if let cap = config.scoreCap { products = products.softCapped(cap) }
        let masked =
            scope.queries.map { mask(products, queriesAt: $0, scope, window: window) }
            ?? products.maskingCausallyInPlace(window: window)
        let scores = try taps(scoresSite, masked)
        if taps.isDone { return nil }
        let pattern = try taps(patternSite, scores.softmax())
        if taps.isDone { return nil }
        return weigh(pattern, v, scope)
    }

    /// -inf where a key lies behind its query or before its window; queries stand at `places` [b, n] of the positions
    /// computed.
    func mask(_ scores: Tensor, queriesAt places: Tensor, _ scope: AttentionScope, window: Int?)
        -> Tensor
    {
        let past = scope.past?.keys.size(1) ?? 0
        let queries = (places + Double(past)).unsqueeze(1).unsqueeze(3)  // [b, 1, n, 1]
        let keys = Tensor.range(to: scores.size(3), device: scores.device)
        var hidden = keys .> queries
        if let window { hidden = hidden .| (keys .<= queries - Double(window)) }
        return scores.maskedFill(hidden, -.infinity)
    }

    /// Values weighted by a pattern [b, h, query, key]: [b, n, h, e].
    private func weigh(_ pattern: Tensor, _ v: Tensor, _ scope: AttentionScope) -> Tensor {
        let values = perQueryHead(v.transpose(1, 2))  // [b, h, p, e]
        guard let past = scope.past else { return pattern.matmul(values).transpose(1, 2) }
        let count = past.values.size(1)
        let earlier = perQueryHead(past.values.transpose(1, 2))  // [prompt, h, p, e]
        let own = pattern.slice(3, count..<pattern.size(3)).matmul(values)
        return (matmul(pattern.slice(3, 0..<count), past: earlier) + own).transpose(1, 2)
    }

    /// Products of the variations' rows [variation x prompt, h, n, i] with what all variations of a prompt share,
    /// [prompt, h, i, j]: the variations' queries stand one after the other, so that nothing is copied for each.
    private func matmul(_ x: Tensor, past: Tensor) -> Tensor {
        let (prompts, heads, queries) = (past.size(0), x.size(1), x.size(2))
        let variations = x.size(0) / prompts
        return x.reshape(variations, prompts, heads, queries, x.size(3))
            .permute(1, 2, 0, 3, 4)
            .reshape(prompts, heads, variations * queries, x.size(3))
            .matmul(past)
            .reshape(prompts, heads, variations, queries, past.size(3))
            .permute(2, 0, 1, 3, 4)
            .reshape(x.size(0), heads, queries, past.size(3))
    }

    /// Key/value heads repeated for the query heads that share them: [b, g, p, e] -> [b, h, p, e].
    func perQueryHead(_ x: Tensor) -> Tensor {
        let (heads, groups) = (config.heads, config.keyValueHeads)
        if heads == groups { return x }
        let (batch, positions, width) = (x.size(0), x.size(2), x.size(3))
        return x.unsqueeze(2)  // [b, g, 1, p, e]
            .expand([batch, groups, heads / groups, positions, width])
            .reshape(batch, heads, positions, width)
    }

    /// The output map, head by head only where a tap wants each head's share; nil when the taps were done before.
    func output(of z: Tensor, _ map: Linear, _ layer: Int, _ taps: inout Taps) throws -> Tensor? {
        let site = Site(.result, layer: layer)
        let (heads, width, dModel) = (config.heads, config.dHead, config.dModel)
        guard taps.wants(site) else {
            return map(z.reshape(z.size(0), z.size(1), heads * width))
        }
        // [d, h e] -> [h, e, d]
        let perHead = map.weight.reshape(dModel, heads, width).permute(1, 2, 0)
        // [b, p, h, 1, e] [h, e, d] -> [b, p, h, 1, d]
        let result = try taps(site, z.unsqueeze(3).matmul(perHead).squeeze(3))
        if taps.isDone { return nil }
        let sum = result.sum(2)
        return map.bias.map { sum + $0 } ?? sum
    }
}

extension SiteKind {
    /// What decides a pattern.
    fileprivate static let leadingToPattern: [SiteKind] = [.q, .k, .rotatedQ, .rotatedK, .scores]
}
