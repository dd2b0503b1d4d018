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
    ///   - budget: bytes that activations may take; nil takes a quarter of what is free.
    ///   - progress: called with variations done and their number; what it throws ends the sweep.
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
        func values(_ interventions: [Intervention]) throws -> [[Double]] {
            let logits = try run(tokens, applying: interventions).logits
            let rows = Tensor(cells.map(\.prompt), device: device)
            let places = Tensor(cells.map(\.position), device: device)
            let found = try metric(logits.index([rows, places]).to(.float32), Array(cells.indices))
            let flat = found.to(device: .cpu).to(.float64).reshape(cells.count, -1)
            let width = flat.size(1)
            let all = flat.doubles
            return cells.indices.map { Array(all[$0 * width..<($0 + 1) * width]) }
        }
        let base = try values([])
        let found = try variations.enumerated().map { index, variation in
            try progress(index, variations.count)
            return try values(variation)
        }
        try progress(variations.count, variations.count)
        return SweepResult(base: base, variations: found)
    }
}
