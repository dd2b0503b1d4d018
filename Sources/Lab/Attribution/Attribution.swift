// Attribution patching of one model, with its agreement with patching. Definition and limits stand in
// `Induction/Attribution`.
public import Induction
public import Runs
import Torch
import Transformers

/// Which nodes, on which prompts, and how many of them are patched as well.
public struct Attribution: Analysis {
    /// The command.
    public static let command = "attribute"
    /// Its sweep is cut to one.
    public static let takesMemoryBudget = true

    /// What is compared.
    public var comparison: Comparison
    /// Which nodes; nil takes heads, attention, MLPs where there are any, and the residual stream.
    public var kinds: [CausalComponent.Kind]?
    /// Whether each position is a node of its own.
    public var isByPosition: Bool
    /// How many nodes of a kind with the largest attributions are patched; nil patches none at all.
    public var checkTop: Int?
    /// How many others, drawn at random, are patched.
    public var checkSample: Int
    /// Of the bootstrap, and of the nodes that are drawn.
    public var seed: UInt64

    /// All fields.
    public init(
        comparison: Comparison = Comparison(),
        kinds: [CausalComponent.Kind]? = nil,
        isByPosition: Bool = false,
        checkTop: Int? = 20,
        checkSample: Int = 20,
        seed: UInt64 = 42
    ) {
        self.comparison = comparison
        self.kinds = kinds
        self.isByPosition = isByPosition
        self.checkTop = checkTop
        self.checkSample = checkSample
        self.seed = seed
    }

    /// The prompts.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        try comparison.prompts.inputs(for: model)
    }

    /// Two forward passes and one backward pass a batch, and a run for each node that is checked.
    ///
    /// - Throws: `ComponentError`, `EffectError`, `MemoryError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> AttributionResult {
        let transformer = model.transformer
        if transformer.config.isAttentionOnly, kinds?.contains(.mlp) ?? false {
            throw ComponentError.noMLPs(model: model.opened.name)
        }
        let runs = try ComparedRuns(comparison, on: model)
        try transformer.checkActivations(
            batch: min(model.compute.batchSize, runs.count),
            positions: runs.base.length,
            unembedded: runs.readPerPrompt,
            isFused: false,
            blocks: transformer.config.layers,
            free: transformer.device.freeMemory
        )
        let effects = try attributePatching(
            of: transformer,
            base: runs.base,
            other: runs.other,
            nodes: kinds,
            isByPosition: isByPosition,
            reading: runs.metric.cells,
            checking: checkTop.map { AttributionCheck(top: $0, sample: checkSample, seed: seed) },
            batchSize: model.compute.batchSize,
            budget: model.compute.memoryBudget,
            progress: { try progress(Self.command, $0, $1) },
            metric: { runs.metric($0, $1) }
        )
        // Labels of the axis of positions: those of a prompt that has them all.
        let longest = runs.clean.rows.max { $0.count < $1.count } ?? []
        return AttributionResult(
            effects,
            of: self,
            model: model.opened.name,
            labels: try model.opened.labels(of: longest)
        )
    }
}
