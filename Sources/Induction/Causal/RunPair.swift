// Two runs side by side, prompt by prompt: one that is changed, and one that the changes come from.
import Transformers

/// The prompts of both runs and the predictions that are read.
struct RunPair {
    /// The run that is changed.
    let base: Tokens
    /// The run that the changes come from; its prompts are as long as those of `base`.
    let other: Tokens
    /// Predictions that are read, of both runs; at least one a prompt.
    let cells: [OutputCell]

    init(base: Tokens, other: Tokens, cells: [OutputCell]) {
        precondition(
            base.lengths == other.lengths,
            "prompts of lengths \(base.lengths) beside prompts of lengths \(other.lengths)"
        )
        let read = Set(cells.map(\.prompt))
        for prompt in base.rows.indices {
            precondition(read.contains(prompt), "no prediction of prompt \(prompt) is read")
        }
        for cell in cells {
            precondition(
                base.rows.indices.contains(cell.prompt)
                    && base.rows[cell.prompt].indices.contains(cell.position),
                "\(cell) does not exist in prompts of lengths \(base.lengths)"
            )
        }
        self.base = base
        self.other = other
        self.cells = cells
    }

    /// Some consecutive prompts of both runs.
    struct Chunk {
        let base: Tokens
        let other: Tokens
        /// Which prompts.
        let prompts: Range<Int>
        /// Predictions of these prompts, counted within the chunk.
        let cells: [OutputCell]
        /// Which of the pair's cells these are.
        let indices: [Int]

        /// The positions that exist in the chunk: prompts of another chunk may be longer.
        func existing(_ positions: [Int]?) -> [Int]? {
            positions.map { $0.filter { $0 < base.length } }
        }
    }

    /// All prompts, at most `size` at a time.
    func chunks(of size: Int) -> [Chunk] {
        let byPrompt = Dictionary(grouping: cells.indices) { cells[$0].prompt }
        var first = 0
        return zip(base.batches(of: size), other.batches(of: size)).map { base, other in
            let prompts = first..<first + base.count
            first = prompts.upperBound
            let indices = prompts.flatMap { byPrompt[$0] ?? [] }
            return Chunk(
                base: base,
                other: other,
                prompts: prompts,
                cells: indices.map {
                    OutputCell(prompt: cells[$0].prompt - prompts.lowerBound, position: cells[$0].position)
                },
                indices: indices
            )
        }
    }

    /// - Throws: `TokensError`, `SelectionError` for heads and positions that do not exist.
    func validate(for config: TransformerConfig, heads: [Head], _ kind: SiteKind, positions: [Int]?) throws {
        try base.validate(for: config)
        try other.validate(for: config)
        try config.validate(heads, kind)
        guard let positions else { return }
        if positions.isEmpty { throw SelectionError.empty(kind) }
        if let bad = positions.first(where: { !(0..<base.length).contains($0) }) {
            throw SelectionError.outOfRange(kind, axis: "position", index: bad, count: base.length)
        }
    }
}

extension RunPair.Chunk {
    /// What each cell counts for in the mean over its prompt's cells.
    var weights: [Double] {
        let counts = Dictionary(grouping: cells, by: \.prompt).mapValues(\.count)
        return cells.map { 1 / Double(counts[$0.prompt] ?? 1) }
    }

    /// The mean over each prompt's cells: [cell] -> [prompt].
    func promptMeans(_ values: [Double]) -> [Double] {
        var means = [Double](repeating: 0, count: prompts.count)
        for (cell, (value, weight)) in zip(cells, zip(values, weights)) {
            means[cell.prompt] += value * weight
        }
        return means
    }
}

extension TransformerConfig {
    /// - Throws: `SelectionError` for a head that a site of this kind lacks.
    func validate(_ heads: [Head], _ kind: SiteKind) throws {
        let count = kind == .k || kind == .v ? keyValueHeads : self.heads
        for head in heads {
            guard (0..<layers).contains(head.layer) else {
                throw SelectionError.outOfRange(kind, axis: "layer", index: head.layer, count: layers)
            }
            guard (0..<count).contains(head.index) else {
                throw SelectionError.outOfRange(kind, axis: "head", index: head.index, count: count)
            }
        }
    }
}
