// Direct logit attribution as one pass: what each component wrote at the cells is kept, then read along one direction a
// cell. A norm with its sigma frozen is a linear map, so the direction is carried back through the norms and output
// maps once, instead of every head's write being carried forward: no head's result is ever formed.
//
// n: cell, h: head, e: d_head, d: d_model.
import Foundation
import Torch
public import Transformers

extension Transformer {
    /// What each component writes to answer minus foil at chosen predictions.
    ///
    /// In float32 the terms add up to the logit difference to about six digits; in lower types to what these hold.
    ///
    /// - Parameters:
    ///   - tokens: prompts, padded on the right.
    ///   - targets: the predictions that are read. A foil of nil is the most probable id other than the answer.
    ///   - batchSize: prompts a forward pass.
    ///   - progress: called with the number of predictions done; what it throws ends the run.
    /// - Throws: `LensError`, `TokensError`, and what `progress` throws.
    public func directLogitAttribution(
        _ tokens: Tokens,
        targets: [PredictionTarget],
        batchSize: Int = 8,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> DirectLogitAttribution {
        let cells = targets.map(\.cell)
        let batches = try CellBatch.batches(of: cells, in: tokens, size: batchSize)
        try validate(targets.map(\.answer), at: cells)
        let foils = targets.filter { $0.foil != nil }
        try validate(foils.compactMap(\.foil), at: foils.map(\.cell))
        var components: [DirectComponent] = []
        var readings: [Int: DirectReading] = [:]
        for batch in batches {
            let own = batch.cells.map { targets[$0] }
            var terms = try DirectTerms(self, batch, own)
            try terms.compute(self)
            components = terms.components
            for (cell, reading) in zip(batch.cells, terms.readings(own, cap: config.logitCap)) {
                readings[cell] = reading
            }
            try progress(readings.count)
        }
        return DirectLogitAttribution(
            components: components,
            readings: targets.indices.compactMap { readings[$0] },
            promptCount: tokens.count
        )
    }
}

/// The terms of the predictions of one batch.
private struct DirectTerms {
    private let kept: [Site: Tensor]
    private let answers: [Int]
    private let foils: [Int]
    /// Logits of answer and foil before the soft-cap.
    private let logits: [(answer: Double, foil: Double)]
    private(set) var components: [DirectComponent] = []
    private var terms: [Tensor] = []  // [n] each

    /// Runs the model and keeps what was written at the cells.
    init(_ model: Transformer, _ batch: CellBatch, _ targets: [PredictionTarget]) throws {
        let last = Site(.residPost, layer: model.config.layers - 1)
        let kinds: Set<SiteKind> = [
            .embedding, .positionEmbedding, .z, .norm1PostScale, .mlpOut, .finalNormScale,
        ]
        let sites = model.sites.filter { kinds.contains($0.kind) || $0 == last }
        var kept: [Site: Tensor] = [:]
        try model.observe(batch.tokens, at: sites.map { Selector($0) }) { site, value in
            kept[site] = batch.pick(from: value)
        }
        var foils: [Int] = []
        var pairs: [(answer: Double, foil: Double)] = []
        if let residual = kept.removeValue(forKey: last) {
            try model.forEachUnembedded(residual, capped: false) { rows, logits in
                guard logits.isAllFinite else { throw LensError.notFinite(layer: model.config.layers) }
                let best = logits.topK(min(2, logits.size(1))).indices.to(device: .cpu)
                for (row, target) in targets[rows].enumerated() {
                    let ranked = best[row].ints
                    let foil = target.foil ?? ranked.first { $0 != target.answer } ?? target.answer
                    foils.append(foil)
                    let read = logits[row]
                    pairs.append((read[target.answer].scalar, read[foil].scalar))
                }
            }
        }
        self.kept = kept.mapValues { $0.to(.float32) }
        self.foils = foils
        answers = targets.map(\.answer)
        logits = pairs
    }

    /// Fills in the terms.
    mutating func compute(_ model: Transformer) throws {
        let (config, weights) = (model.config, model.weights)
        func rows(_ ids: [Int]) -> Tensor {
            weights.unembedding.weight.indexSelect(0, Tensor(ids, device: model.device)).to(.float32)
        }
        let difference = rows(answers) - rows(foils)  // [n, d]
        let sigma = kept[Site(.finalNormScale)]
        let direction = config.normalization.carryBack(difference, weights.finalNorm, sigma)  // [n, d]
        add(DirectComponent(.embedding), kept[Site(.embedding)], direction)
        add(DirectComponent(.positionEmbedding), kept[Site(.positionEmbedding)], direction)
        for layer in 0..<config.layers {
            let block = try weights.blocks[layer]
            let scale = kept[Site(.norm1PostScale, layer: layer)]
            let read = config.normalization.carryBack(direction, block.norm1Post, scale)  // [n, d]
            // [n, d] [d, h e] -> [n, h e]
            let perHead = read.matmul(block.attention.output.weight.to(.float32))
            if let z = kept[Site(.z, layer: layer)] {
                let shares = (perHead.reshape(z.shape) * z).sum(2)  // [n, h]
                for head in 0..<config.heads {
                    components.append(DirectComponent(.head, layer: layer, head: head))
                    terms.append(shares.select(1, head))
                }
            }
            let biases = [(block.attention.output.bias, read), (block.norm1Post.bias, direction)]
                .compactMap { bias, along in bias.map { ($0.to(.float32) * along).sum(1) } }
            if let first = biases.first {
                components.append(DirectComponent(.attentionBias, layer: layer))
                terms.append(biases.dropFirst().reduce(first, +))
            }
            add(DirectComponent(.mlp, layer: layer), kept[Site(.mlpOut, layer: layer)], direction)
        }
        if sigma != nil {
            add(DirectComponent(.finalNormBias), weights.finalNorm.bias?.to(.float32), difference)
        }
        if let bias = weights.unembedding.bias?.to(.float32) {
            func values(_ ids: [Int]) -> Tensor { bias.indexSelect(0, Tensor(ids, device: model.device)) }
            components.append(DirectComponent(.unembeddingBias))
            terms.append(values(answers) - values(foils))
        }
    }

    /// The term of a write [n, d] or [d], where there is one.
    private mutating func add(_ component: DirectComponent, _ write: Tensor?, _ direction: Tensor) {
        guard let write else { return }
        components.append(component)
        terms.append((write * direction).sum(1))
    }

    func readings(_ targets: [PredictionTarget], cap: Double?) -> [DirectReading] {
        let values = Tensor.stack(terms, axis: 1).to(device: .cpu).doubles  // [n, component]
        let width = components.count
        return targets.indices.map { index in
            let pair = logits[index]
            return DirectReading(
                cell: targets[index].cell,
                answer: answers[index],
                foil: foils[index],
                logitDifference: pair.answer - pair.foil,
                cappedLogitDifference: cap.map { $0 * (tanh(pair.answer / $0) - tanh(pair.foil / $0)) },
                terms: Array(values[index * width..<(index + 1) * width])
            )
        }
    }
}

extension Normalization {
    /// The direction whose product with what enters a norm is that of `direction` with what leaves it but for the bias,
    /// the norm's divisor `sigma` [n, 1] frozen: [n, d]. Without a divisor there is no norm.
    fileprivate func carryBack(_ direction: Tensor, _ weights: NormWeights, _ sigma: Tensor?) -> Tensor {
        guard let sigma else { return direction }
        let scaled = (weights.weight.map { direction * $0.to(.float32) } ?? direction) / sigma
        guard case .layerNorm = self else { return scaled }
        // (c - mean c) . s = c . (s - mean s)
        return scaled - scaled.mean(-1, keep: true)
    }
}
