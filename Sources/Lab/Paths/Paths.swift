// Path patching of one model: what senders tell receivers. Definition and limits stand in `Induction/Paths`.
public import Induction
public import Runs
import Torch
import Transformers

/// Which paths, on which prompts.
public struct Paths: Analysis {
    /// The command.
    public static let command = "paths"
    /// Its sweep is cut to one.
    public static let takesMemoryBudget = true

    /// What is compared.
    public var comparison: Comparison
    /// Heads whose output is taken from the other run.
    public var senders: HeadChoice
    /// Heads that take the change.
    public var receivers: HeadChoice
    /// What of the receivers takes it.
    public var inputs: [PathInput]
    /// Whether the direct effects on the logits are wanted too.
    public var reachesLogits: Bool
    /// What MLPs do on the way.
    public var mlps: MLPMode
    /// Of the bootstrap, and of the prompts that receivers are chosen on.
    public var seed: UInt64

    /// The receivers where nobody names others: the heads with the highest induction scores.
    public static let likelyReceivers = HeadChoice.highest(count: 4, score: .induction)

    /// All fields.
    public init(
        comparison: Comparison = Comparison(),
        senders: HeadChoice = .all,
        receivers: HeadChoice = Paths.likelyReceivers,
        inputs: [PathInput] = PathInput.allCases,
        reachesLogits: Bool = false,
        mlps: MLPMode = .frozen,
        seed: UInt64 = 42
    ) {
        self.comparison = comparison
        self.senders = senders
        self.receivers = receivers
        self.inputs = inputs
        self.reachesLogits = reachesLogits
        self.mlps = mlps
        self.seed = seed
    }

    /// The prompts, and those that heads are chosen on.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        let prependsBOS = comparison.prompts.prependsBOS
        let scored = try [("senders", senders), ("receivers", receivers)].compactMap { role, choice in
            try choice.scoredTokens(for: model, prependsBOS: prependsBOS, seed: seed)
                .map { Receipt.Input.tokens($0, of: model, named: role) }
        }
        return try comparison.prompts.inputs(for: model) + scored
    }

    /// Chooses the heads, then patches every path between them.
    ///
    /// - Throws: `ComponentError`, `HeadChoiceError`, `PathError`, `EffectError`, `MemoryError`, and what is wrong with
    ///   the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> PathsResult {
        let transformer = model.transformer
        let runs = try ComparedRuns(comparison, on: model)
        try transformer.checkActivations(
            batch: min(model.compute.batchSize, runs.count),
            positions: runs.base.length,
            unembedded: runs.readPerPrompt,
            isFused: false,
            free: transformer.device.freeMemory
        )
        func heads(_ choice: HeadChoice) throws -> [Head] {
            try choice.heads(of: model, prependsBOS: comparison.prompts.prependsBOS, seed: seed) {
                try progress("scan", $0, $1)
            }
        }
        let (senders, receivers) = (try heads(senders), try heads(receivers))
        let ends =
            transformer.config.pathReceivers(of: receivers, inputs) + (reachesLogits ? [.logits] : [])
        let effects = try patchPaths(
            of: transformer,
            base: runs.base,
            other: runs.other,
            from: senders,
            to: ends,
            mlps: mlps,
            reading: runs.metric.cells,
            batchSize: model.compute.batchSize,
            budget: model.compute.memoryBudget,
            progress: { try progress(Self.command, $0, $1) },
            metric: { runs.metric($0, $1) }
        )
        return PathsResult(
            effects,
            of: self,
            model: model.opened.name,
            receivers: receivers,
            config: transformer.config
        )
    }
}
