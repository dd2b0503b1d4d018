// The scan: a scorecard of every head of one model.
public import Induction
public import Runs
import Torch
public import Transformers

/// Which scores, on which prompts.
public struct Scan: Analysis {
    /// The command.
    public static let command = "scan"

    /// Where prompts come from.
    public var prompts: PromptSource
    /// Whether BOS stands before them; nil takes the family's habit.
    public var prependsBOS: Bool?
    /// Which earlier copies count.
    public var rule: PairRule
    /// The score that heads are ranked by.
    public var score: HeadScore
    /// Of the bootstrap.
    public var seed: UInt64

    /// All fields.
    public init(
        prompts: PromptSource = .recipe(PromptRecipe()),
        prependsBOS: Bool? = nil,
        rule: PairRule = .nearest,
        score: HeadScore = .induction,
        seed: UInt64 = 0
    ) {
        self.prompts = prompts
        self.prependsBOS = prependsBOS
        self.rule = rule
        self.score = score
        self.seed = seed
    }

    /// The prompts.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        [.tokens(try prompts.tokens(for: model, prependsBOS: prependsBOS), of: model)]
    }

    /// Runs the model once over the prompts.
    ///
    /// - Throws: `MemoryError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> ScanResult {
        let tokens = try prompts.tokens(for: model.opened, prependsBOS: prependsBOS)
        let batchSize = model.compute.batchSize
        try model.transformer.checkActivations(
            batch: min(batchSize, tokens.count),
            positions: tokens.length,
            unembedded: 0,
            isFused: false,
            free: model.transformer.device.freeMemory
        )
        let scores = try scoreHeads(
            of: model.transformer,
            on: tokens,
            excluding: model.opened.specialTokenIDs,
            rule: rule,
            batchSize: batchSize,
            seed: seed
        ) { try progress(Self.command, $0, tokens.count) }
        return ScanResult(model: model.opened.name, scan: self, tokens: tokens, scores: scores)
    }
}

/// What a scan found.
public struct ScanResult: AnalysisResult, Sendable {
    /// The model's name.
    public let model: String
    /// What was asked.
    public let scan: Scan
    /// The prompts.
    public let tokens: Tokens
    /// The scorecard.
    public let scores: HeadScores

    /// Heads from the highest score to the lowest.
    public var ranked: [ScoredHead] { scores.ranked(by: scan.score) }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes: [String] = []
        let pairs = scores.heads.first?.scores[scan.score]?.pairs ?? 0
        if pairs == 0 {
            notes.append("The prompts have no position that \(scan.score.rawValue) could be scored at.")
        }
        if scores.promptCount < PromptBootstrap.reliablePromptCount {
            notes.append(
                "Intervals from \(scores.promptCount) prompts are approximate; "
                    + "\(PromptBootstrap.reliablePromptCount) or more make them reliable."
            )
        }
        return notes
    }
}
