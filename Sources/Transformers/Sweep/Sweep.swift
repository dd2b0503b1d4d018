// Many variations of one run, exactly: what every ablation, patching and path experiment is made of.
public import Torch

/// A prediction that is read: the logits of one position of one prompt.
public struct OutputCell: Hashable, Sendable, Codable {
    /// Prompt, from 0.
    public var prompt: Int
    /// Position in the prompt, from 0.
    public var position: Int

    /// Both.
    public init(prompt: Int, position: Int) {
        self.prompt = prompt
        self.position = position
    }
}

/// What a sweep found. Values are float64; where a metric gives several numbers, they stand side by side.
public struct SweepResult: Sendable, Equatable {
    /// The run without edits: [cell][number].
    public var base: [[Double]]
    /// Each variation: [variation][cell][number].
    public var variations: [[[Double]]]
}

/// Numbers that are read from predictions.
///
/// - Parameters:
///   - logits: [row, vocab], float32.
///   - cells: which of the sweep's cells each row is.
/// - Returns: [row] or [row, number].
public typealias CellMetric = (_ logits: Tensor, _ cells: [Int]) throws -> Tensor

extension Transformer {
    /// Runs the model once, and once more for each variation, and reads a metric from the predictions.
    ///
    /// - Parameters:
    ///   - tokens: prompts, padded on the right.
    ///   - variations: each a list of edits as in `run(_:applying:)`. An edit by a function must treat every prompt by
    ///     itself: it may see some of the prompts only.
    ///   - cells: the predictions that are read.
    ///   - budget: bytes that activations may take; nil takes `Device.usualSweepBudget`.
    ///   - progress: called with work done and its amount, in variations of some of the prompts; what it throws ends the
    ///     sweep.
    ///   - metric: called with logits of some of the cells at a time.
    /// - Throws: `TokensError`, `SelectionError`, and what `metric` and `progress` throw.
    public func sweep(
        _ tokens: Tokens,
        variations: [[Intervention]],
        reading cells: [OutputCell],
        budget: Int? = nil,
        progress: (Int, Int) throws -> Void = { _, _ in },
        metric: CellMetric
    ) throws -> SweepResult {
        try tokens.validate(for: config)
        for cell in cells {
            precondition(
                tokens.rows.indices.contains(cell.prompt)
                    && tokens.rows[cell.prompt].indices.contains(cell.position),
                "\(cell) is no place in the prompts"
            )
        }
        let resolved = try variations.enumerated().map {
            try SweepVariation($0, $1, of: config, positionCount: tokens.length)
        }
        let needs = SweepBase.Needs(resolved)
        let plan = SweepPlan(
            self,
            tokens,
            resolved,
            needs: needs,
            budget: budget ?? device.usualSweepBudget()
        )
        let blocks = SweepBlocks(self, packsWeights: plan.packsWeights, rows: plan.tokens)
        var (done, total) = (0, 0)
        return try withoutActuallyEscaping(metric) { metric in
            var outputs = SweepOutputs(
                self,
                cellCount: cells.count,
                variationCount: variations.count,
                limit: plan.outputs,
                packsWeights: plan.packsWeights,
                metric: metric
            )
            let chunks = SweepChunk.chunks(of: tokens, reading: cells, size: plan.prompts)
            total = variations.count * chunks.count
            for chunk in chunks {
                try chunk.run(resolved, on: self, blocks, needs, plan, &outputs) {
                    done += $0
                    try progress(done, total)
                }
            }
            return SweepResult(base: outputs.base, variations: outputs.variations)
        }
    }
}
