// Some of a sweep's prompts: their base run, and all variations on it.
import Torch

/// Prompts that go through a sweep together, and the cells that are read from them.
struct SweepChunk {
    private let tokens: Tokens
    private let prompts: Range<Int>
    private let promptCount: Int
    /// The longest prompt of the whole sweep: recordings are as long.
    private let length: Int
    /// Cells of each prompt: place in the caller's list, and position.
    private let cells: [[(index: Int, position: Int)]]

    /// Cuts prompts into pieces; those without a cell are left out where a piece has none at all.
    static func chunks(of tokens: Tokens, reading cells: [OutputCell], size: Int) -> [SweepChunk] {
        var byPrompt: [[(index: Int, position: Int)]] = Array(repeating: [], count: tokens.count)
        for (index, cell) in cells.enumerated() { byPrompt[cell.prompt].append((index, cell.position)) }
        return tokens.batches(of: size).enumerated().compactMap { number, batch in
            let prompts = number * size..<number * size + batch.count
            let own = Array(byPrompt[prompts])
            guard own.contains(where: { !$0.isEmpty }) else { return nil }
            return SweepChunk(
                tokens: batch,
                prompts: prompts,
                promptCount: tokens.count,
                length: tokens.length,
                cells: own
            )
        }
    }

    /// Runs the base and all variations.
    func run(
        _ variations: [SweepVariation],
        on model: Transformer,
        _ blocks: SweepBlocks,
        _ needs: SweepBase.Needs,
        _ plan: SweepPlan,
        _ outputs: inout SweepOutputs,
        progress: (Int) throws -> Void
    ) throws {
        var base = SweepBase(needs)
        let whole = walk(from: 0, model, blocks)
        try take(whole.runBase(keeping: &base), runs: [.base], from: 0, to: &outputs)
        // What a variation does not reach is copied from the base's values.
        try outputs.flush()
        for batch in batches(variations, plan, lastLayer: model.config.layers - 1) {
            let first = batch.firstPosition
            for variation in batch.variations {
                outputs.copyBase(
                    to: variation.index,
                    cells: cells.joined().filter { $0.position < first }.map(\.index)
                )
            }
            guard cells.joined().contains(where: { $0.position >= first }) else {
                try progress(batch.variations.count)
                continue
            }
            let walk = walk(from: first, model, blocks)
            var taps = Taps(batch.variations.map(\.edits), extent: walk.extent)
            let runs = batch.variations.map { SweepOutputs.Run.variation($0.index) }
            let stream = try walk.run(batch, from: base, &taps)
            if batch.variations.contains(where: \.editsOutputs) {
                let read = try model.finalNormalized(stream, &taps)
                let logits = try taps(Site(.logits), model.predicted(read))
                try take(logits: logits, runs: runs, from: first, to: &outputs)
            } else {
                try take(stream, runs: runs, from: first, to: &outputs)
            }
            try progress(batch.variations.count)
        }
        try outputs.flush()
    }

    /// Variations that compute the same positions, in the order of their starts, as many as the plan allows. Those that
    /// begin in the last layer stand apart: the others need only some of its queries. So do those that edit what comes
    /// after the blocks: they need all positions there.
    private func batches(_ variations: [SweepVariation], _ plan: SweepPlan, lastLayer: Int) -> [SweepBatch] {
        struct Kind: Hashable {
            var position: Int
            var beginsLast: Bool
            var editsOutputs: Bool
        }
        let groups = Dictionary(grouping: variations) {
            Kind(
                position: $0.firstPosition,
                beginsLast: $0.start.layer == lastLayer,
                editsOutputs: $0.editsOutputs
            )
        }
        return groups.sorted { ($0.value[0].index) < ($1.value[0].index) }.flatMap { kind, group in
            let rows = prompts.count * (length - kind.position)
            let size = kind.editsOutputs ? 1 : max(1, plan.tokens / rows)
            let ordered = group.sorted { ($0.start, $0.index) < ($1.start, $1.index) }
            return stride(from: 0, to: ordered.count, by: size).map {
                SweepBatch(
                    variations: Array(ordered[$0..<min($0 + size, ordered.count)]),
                    firstPosition: kind.position
                )
            }
        }
    }

    private func walk(from first: Int, _ model: Transformer, _ blocks: SweepBlocks) -> SweepWalk {
        let own = cells.map { $0.map { $0.position - first }.filter { $0 >= 0 } }
        // Prompts with fewer cells than others read their first position in place of those that they lack.
        let count = max(own.map(\.count).max() ?? 0, 1)
        let places = own.map { $0 + Array(repeating: 0, count: count - $0.count) }
        return SweepWalk(
            model: model,
            blocks: blocks,
            tokens: tokens,
            extent: Extent(prompts: prompts, positions: first..<length, promptCount: promptCount),
            outputs: Tensor(places.flatMap { $0 }, [places.count, count], device: model.device)
        )
    }

    /// Hands rows [run x prompt, n, d] on, run by run.
    private func take(
        _ stream: Tensor,
        runs: [SweepOutputs.Run],
        from first: Int,
        to outputs: inout SweepOutputs
    ) throws {
        let (indices, rows) = owned(from: first, width: stream.size(1)) { $1 }
        let perRun = prompts.count * stream.size(1)
        let flat = stream.reshape(-1, stream.size(2))
        for (number, run) in runs.enumerated() {
            let own = flat[number * perRun..<(number + 1) * perRun]
            let isWhole = rows.count == perRun
            let part = isWhole ? own : own.indexSelect(0, Tensor(rows, device: stream.device))
            try outputs.take(part, of: run, cells: indices)
        }
    }

    /// Hands logits [run x prompt, position, vocab] on.
    private func take(
        logits: Tensor,
        runs: [SweepOutputs.Run],
        from first: Int,
        to outputs: inout SweepOutputs
    ) throws {
        let (indices, rows) = owned(from: first, width: logits.size(1)) { position, _ in position - first }
        let perRun = prompts.count * logits.size(1)
        let flat = logits.reshape(-1, logits.size(2))
        for (number, run) in runs.enumerated() {
            let places = Tensor(rows.map { number * perRun + $0 }, device: logits.device)
            try outputs.take(logits: flat.indexSelect(0, places), of: run, cells: indices)
        }
    }

    /// Cells that are computed, and their rows in [prompt, width].
    private func owned(from first: Int, width: Int, _ place: (_ position: Int, _ number: Int) -> Int) -> (
        indices: [Int], rows: [Int]
    ) {
        var (indices, rows): ([Int], [Int]) = ([], [])
        for (prompt, own) in cells.enumerated() {
            for (number, cell) in own.filter({ $0.position >= first }).enumerated() {
                indices.append(cell.index)
                rows.append(prompt * width + place(cell.position, number))
            }
        }
        return (indices, rows)
    }
}
