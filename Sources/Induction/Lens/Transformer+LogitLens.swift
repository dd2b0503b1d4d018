// The logit lens as one pass: the rows asked for are unembedded as they come, and nothing is kept but what is reported.
import Torch
public import Transformers

extension Transformer {
    /// Reads every row of the residual stream at chosen predictions.
    ///
    /// - Parameters:
    ///   - tokens: prompts, padded on the right.
    ///   - cells: the predictions that are read.
    ///   - targets: one token id a cell, whose rank, probability and logit are wanted; nil for none.
    ///   - count: top tokens a row; all of them where the vocabulary is smaller.
    ///   - threshold: probability from which a prediction counts as settled.
    ///   - batchSize: prompts a forward pass.
    ///   - progress: called with the number of cells done; what it throws ends the run.
    /// - Throws: `LensError`, `TokensError`, and what `progress` throws.
    public func logitLens(
        _ tokens: Tokens,
        reading cells: [OutputCell],
        targets: [Int]? = nil,
        top count: Int = 5,
        threshold: Double = 0.5,
        batchSize: Int = 8,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> LogitLens {
        precondition(count > 0, "\(count) top tokens")
        let batches = try CellBatch.batches(of: cells, in: tokens, size: batchSize)
        if let targets { try validate(targets, at: cells) }
        var rows = [[LensRow]](repeating: [], count: cells.count)
        var done = 0
        let count = min(count, config.vocabularySize)
        for batch in batches {
            let ids = targets.map { targets in batch.cells.map { targets[$0] } }
            var layer = 0
            try observe(batch.tokens, at: [.residPre.layer(0), .residPost]) { _, residual in
                try forEachUnembedded(batch.pick(from: residual)) { part, logits in
                    let found = try read(logits, layer, ids.map { Array($0[part]) }, count)
                    for (cell, row) in zip(batch.cells[part], found) { rows[cell].append(row) }
                }
                layer += 1
            }
            done += batch.cells.count
            try progress(done)
        }
        let readings = cells.indices.map { index in
            LensReading(
                cell: cells[index],
                target: targets?[index],
                rows: rows[index],
                threshold: threshold
            )
        }
        return LogitLens(readings: readings, threshold: threshold, promptCount: tokens.count)
    }

    /// The top token of every row at every position of one prompt.
    ///
    /// - Throws: `TokensError`, `LensError.notFinite`.
    public func logitLensTable(of prompt: [Int]) throws -> LensTable {
        let tokens = try Tokens([prompt])
        let cells = prompt.indices.map { OutputCell(prompt: 0, position: $0) }
        let readings = try logitLens(tokens, reading: cells, top: 1).readings
        return LensTable(
            tokens: prompt,
            top: (0...config.layers).map { row in readings.flatMap { $0.rows[row].top } }
        )
    }

    /// - Throws: `LensError` unless there is one id of the vocabulary a cell.
    func validate(_ targets: [Int], at cells: [OutputCell]) throws {
        guard targets.count == cells.count else {
            throw LensError.targetCount(found: targets.count, cells: cells.count)
        }
        for (cell, id) in zip(cells, targets) where !(0..<config.vocabularySize).contains(id) {
            throw LensError.outsideVocabulary(id: id, cell, size: config.vocabularySize)
        }
    }
}

/// What logits [row, vocab] say, row by row.
private func read(_ logits: Tensor, _ layer: Int, _ targets: [Int]?, _ count: Int) throws -> [LensRow] {
    guard logits.isAllFinite else { throw LensError.notFinite(layer: layer) }
    let total = logits.logSumExp(1, keep: true)  // [row, 1]
    let (values, indices) = logits.topK(count)
    let ids = indices.to(device: .cpu).ints
    let probabilities = (values - total).exp().to(device: .cpu).doubles
    let found = targets.map { targets in
        let ids = Tensor(targets, [targets.count, 1], device: logits.device)
        let own = logits.gather(1, ids)  // [row, 1]
        let better = (logits .> own).to(.int64).sum(1).to(device: .cpu).ints
        let probability = (own - total).exp().to(device: .cpu).doubles
        return zip(better, zip(probability, own.to(device: .cpu).doubles)).map {
            LensTarget(rank: $0 + 1, probability: $1.0, logit: $1.1)
        }
    }
    return (0..<logits.size(0)).map { row in
        let top = (row * count..<(row + 1) * count).map {
            LensToken(id: ids[$0], probability: probabilities[$0])
        }
        return LensRow(layer: layer, top: top, target: found?[row])
    }
}
