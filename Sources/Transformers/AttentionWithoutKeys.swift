// Attention at a few queries, without the keys and values of all positions: with keys W_K x + b_K a score is
// (W_K^T q) x, but for q b_K, which is the same for all keys; and a mean of values W_V x + b_V is W_V of the mean of x, and
// b_V. Only the dimensions that rotate need keys.
//
// b: batch, p: position, n: query position, h: query head, g: key/value head, e: d_head, d: d_model.
import Torch

extension Transformer {
    /// Whether this is right for the model, and less work than keys and values.
    ///
    /// - Parameters:
    ///   - read: what attention reads, [b, p, d].
    ///   - queries: places [b, n] in the positions.
    func paysWithoutKeys(_ read: Tensor, _ queries: Tensor, _ scope: AttentionScope) -> Bool {
        guard scope.past == nil, !scope.keepsKeys, config.scoreCap == nil, config.queryKeyNorm == .none,
            !config.smearsKeys
        else { return false }
        let (positions, width) = (read.size(1), config.dHead)
        let all = positions * config.keyValueHeads * width
        // Products of a few rows run at a quarter of the speed.
        let few = 4 * 2 * queries.size(1) * config.heads * (width + positions)
        return few + positions * config.keyValueHeads * (scope.rotation?.width ?? 0) < 2 * all
    }

    /// Each head's weighted values, [b, n, h, e].
    func mixedWithoutKeys(
        _ read: Tensor,
        _ weights: AttentionWeights,
        _ layer: Int,
        _ scope: AttentionScope,
        queriesAt places: Tensor
    ) -> Tensor {
        let (heads, groups, width) = (config.heads, config.keyValueHeads, config.dHead)
        let (batch, count, turned) = (read.size(0), places.size(1), scope.rotation?.width ?? 0)
        var q = project(read.rows(at: places), weights, 0, heads) * config.attentionScale(of: layer)
        if let rotation = scope.rotation { q = rotation.at(places)(q, overwriting: true) }

        let keyMap = weights.qkv.part(heads * width..<(heads + groups) * width)
        let keyWeight = keyMap.weight.reshape(groups, width, config.dModel)
        // [b, n, h, i] [h, i, d] -> [b, h n, d]
        let still = q.slice(3, turned..<width)
        let looked = byHead(still, perQueryHead(keyWeight.slice(1, turned..<width).unsqueeze(0))[0])
        let scores = looked.matmul(read.mT).reshape(batch, heads, count, read.size(1))
        if let rotation = scope.rotation {
            let map = Linear(
                weight: keyWeight.slice(1, 0..<turned).reshape(groups * turned, config.dModel),
                bias: keyMap.bias.map {
                    $0.reshape(groups, width).slice(1, 0..<turned).reshape(groups * turned)
                }
            )
            let keys = map(read).reshape(batch, read.size(1), groups, turned)
            let rotated = perQueryHead(rotation(keys, overwriting: true).transpose(1, 2))  // [b, h, p, i]
            scores.addInPlace(q.slice(3, 0..<turned).transpose(1, 2).matmul(rotated.mT))
        }
        let pattern = mask(scores, queriesAt: places, scope, window: config.window(of: layer)).softmax()

        let valueMap = weights.qkv.part((heads + groups) * width..<(heads + 2 * groups) * width)
        let valueWeight = valueMap.weight.reshape(1, groups, width, config.dModel)
        // [b, h n, p] [b, p, d] -> [b, n, h, d]
        let seen = pattern.reshape(batch, heads * count, read.size(1)).matmul(read)
            .reshape(batch, heads, count, config.dModel).transpose(1, 2)
        let z = byHead(seen, perQueryHead(valueWeight)[0].mT).reshape(batch, heads, count, width)
            .transpose(1, 2)
        return valueMap.bias.map { z + perQueryHead($0.reshape(1, groups, 1, width)).squeeze(2).unsqueeze(1) }
            ?? z
    }

    /// Each head's own product: [b, n, h, i] [h, i, j] -> [b, h n, j].
    private func byHead(_ x: Tensor, _ maps: Tensor) -> Tensor {
        let (batch, count, heads) = (x.size(0), x.size(1), x.size(2))
        return x.permute(2, 0, 1, 3).reshape(heads, batch * count, x.size(3)).matmul(maps)
            .reshape(heads, batch, count, maps.size(2)).permute(1, 0, 2, 3)
            .reshape(batch, heads * count, maps.size(2))
    }
}
