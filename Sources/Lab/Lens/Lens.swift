// The lens: how predictions form from layer to layer, and what writes them.
//
// Quantities: by row of the residual stream (0 the embedding, l what leaves block l, L the prediction) the top tokens, and
// the target's rank, probability and logit, of one prompt in detail and over all; for predictions with an answer, direct logit
// attribution of each component to answer minus foil. Definitions, ranges and sources stand in `Induction/Lens`. Rows before
// the last are read by a final norm and an unembedding that were not trained on them: a low rank there does not show that a
// layer does not know the answer; a direct write does not show all that a component causes.
public import Induction
public import Runs
import Torch
import Transformers

/// Which predictions, which of them in detail.
public struct Lens: Analysis {
    /// The command.
    public static let command = "lens"

    /// Prompts and answers. Of the user's prompts without answers the prediction after the last token is read, unless
    /// positions are named.
    public var prompts: CausalSource
    /// Top tokens of each row.
    public var topCount: Int
    /// Probability from which a prediction counts as settled.
    public var threshold: Double
    /// The prompt that is shown in detail, counted from 0; of its predictions the last that is read.
    public var example: Int
    /// Of the bootstrap.
    public var seed: UInt64

    /// Prompts where nobody names others.
    public static let promptCount = 64

    /// All fields.
    public init(
        prompts: CausalSource = CausalSource(.recipe(PromptRecipe(count: Lens.promptCount))),
        topCount: Int = 5,
        threshold: Double = 0.5,
        example: Int = 0,
        seed: UInt64 = 0
    ) {
        precondition(topCount > 0, "\(topCount) top tokens")
        self.prompts = prompts
        self.topCount = topCount
        self.threshold = threshold
        self.example = example
        self.seed = seed
    }

    /// The prompts, and what is read from them.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        let read = try read(for: model)
        guard read.targets == nil else { return try prompts.inputs(for: model) }
        return [.tokens(read.tokens, of: model)]
    }

    /// Runs the model over the prompts, twice where there are answers.
    ///
    /// - Throws: `LensError`, `MemoryError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> LensResult {
        let transformer = model.transformer
        let read = try read(for: model.opened)
        let batchSize = model.compute.batchSize
        try transformer.checkActivations(
            batch: min(batchSize, read.tokens.count),
            positions: read.tokens.length,
            unembedded: 0,
            isFused: true,
            free: transformer.device.freeMemory
        )
        let lens = try transformer.logitLens(
            read.tokens,
            reading: read.cells,
            targets: read.targets?.map(\.answer),
            top: topCount,
            threshold: threshold,
            batchSize: batchSize
        ) { try progress(Self.command, $0, read.cells.count) }
        let attribution = try read.targets.map { targets in
            try transformer.directLogitAttribution(read.tokens, targets: targets, batchSize: batchSize) {
                try progress("attribution", $0, targets.count)
            }
        }
        return try LensResult(self, of: model, read, lens, attribution)
    }

    /// What is read.
    struct Read {
        /// The prompts.
        var tokens: Tokens
        /// The predictions.
        var cells: [OutputCell]
        /// Their answers; nil where nobody knows any.
        var targets: [PredictionTarget]?
    }

    /// The prompts as a model sees them, and the predictions that are read.
    ///
    /// - Throws: `LensError`, and what is wrong with the prompts.
    func read(for model: OpenedModel) throws -> Read {
        let read = try unchecked(for: model)
        guard read.tokens.rows.indices.contains(example) else {
            throw LensError.noSuchPrompt(
                OutputCell(prompt: example, position: 0),
                prompts: read.tokens.count
            )
        }
        guard read.cells.contains(where: { $0.prompt == example }) else {
            throw LensError.notRead(prompt: example)
        }
        return read
    }

    private func unchecked(for model: OpenedModel) throws -> Read {
        if case .files(let files) = prompts.origin, files.answers == nil, files.foils == nil,
            files.corrupted == nil, prompts.positions ?? .last == .last
        {
            let tokens = try files.clean.tokens(for: model, prependsBOS: prompts.prependsBOS)
            try tokens.validate(for: model.config)
            let cells = tokens.lengths.enumerated().map { OutputCell(prompt: $0, position: $1 - 1) }
            return Read(tokens: tokens, cells: cells)
        }
        let prompts = try prompts.prompts(for: model)
        return Read(
            tokens: prompts.clean,
            cells: prompts.targets.map(\.cell),
            targets: prompts.targets
        )
    }
}
