// Predictions that are read, grouped into batches of the prompts they belong to.
import Torch
import Transformers

/// Some prompts and the cells that are read in them.
struct CellBatch {
    /// The prompts.
    let tokens: Tokens
    /// Which of the cells these are.
    let cells: [Int]
    private let rows: [Int]
    private let positions: [Int]

    /// Batches of at most `size` prompts; prompts without a cell are left out.
    ///
    /// - Throws: `LensError` where there is no cell or one that does not exist.
    static func batches(of cells: [OutputCell], in tokens: Tokens, size: Int) throws -> [CellBatch] {
        precondition(size > 0, "batch size \(size)")
        guard !cells.isEmpty else { throw LensError.noCells }
        for cell in cells {
            guard tokens.rows.indices.contains(cell.prompt) else {
                throw LensError.noSuchPrompt(cell, prompts: tokens.count)
            }
            guard tokens.rows[cell.prompt].indices.contains(cell.position) else {
                throw LensError.noSuchPosition(cell, length: tokens.rows[cell.prompt].count)
            }
        }
        let byPrompt = Dictionary(grouping: cells.indices) { cells[$0].prompt }
        let prompts = byPrompt.keys.sorted()
        return try stride(from: 0, to: prompts.count, by: size).map { start in
            let own = prompts[start..<min(start + size, prompts.count)]
            let chosen = own.flatMap { byPrompt[$0] ?? [] }
            let place = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) })
            return CellBatch(
                tokens: try Tokens(own.map { tokens.rows[$0] }),
                cells: chosen,
                rows: chosen.map { place[cells[$0].prompt] ?? 0 },
                positions: chosen.map { cells[$0].position }
            )
        }
    }

    /// The entries of [batch, position, ...] at the cells: [cell, ...].
    func pick(from value: Tensor) -> Tensor {
        value.index([Tensor(rows, device: value.device), Tensor(positions, device: value.device)])
    }
}

extension Transformer {
    /// Unembeds [row, d_model] some rows at a time, so that logits take at most 64 MB; `body` gets the rows and their
    /// logits, [row, vocab] in float32.
    func forEachUnembedded(
        _ residual: Tensor,
        capped: Bool = true,
        _ body: (Range<Int>, Tensor) throws -> Void
    ) rethrows {
        let count = residual.size(0)
        let size = max(1, (16 << 20) / config.vocabularySize)
        for start in stride(from: 0, to: count, by: size) {
            let rows = start..<min(start + size, count)
            try body(rows, unembed(residual[rows], capped: capped))
        }
    }
}
