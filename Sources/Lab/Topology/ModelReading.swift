// One model, read once: what its patterns leave behind.
import Induction
import Torch
import Transformers

/// A model with its prompts and the sums of its patterns.
struct ModelReading {
    let model: LoadedModel
    let tokens: Tokens
    let collected: CollectedPatterns
    let bootstrap: PromptBootstrap

    /// Opens a model of the experiment.
    static func open(_ name: String, for topology: Topology, reporting report: FetchReport) throws
        -> OpenedModel
    {
        try OpenedModel(name, reporting: report)
    }

    /// Reads a model's patterns.
    ///
    /// - Parameter progress: called with prompts done and their number; what it throws ends the reading.
    init(_ opened: OpenedModel, for topology: Topology, progress: (Int, Int) throws -> Void) throws {
        let compute = topology.compute
        guard let dtype = DType(rawValue: compute.dtype) else {
            throw ModelError.noDType(compute.dtype)
        }
        model = try opened.load(
            dtype: dtype,
            device: compute.device.flatMap(Device.Kind.init).map { Device(kind: $0) },
            isResident: !compute.savesMemory
        )
        let tokens = try topology.prompts.tokens(for: opened, prependsBOS: topology.prependsBOS)
        self.tokens = tokens
        try model.transformer.checkActivations(
            batch: min(compute.batchSize, tokens.count),
            positions: tokens.length,
            unembedded: topology.question == .causal ? tokens.length : 0,
            isFused: false,
            free: model.transformer.device.freeMemory
        )
        let plan = PatternPlan(
            tokens,
            excluding: opened.specialTokenIDs,
            rule: topology.rule,
            buckets: topology.buckets,
            nullSeed: topology.question == .nulls ? topology.seed : nil
        )
        collected = try collectPatterns(of: model.transformer, reading: plan, batchSize: compute.batchSize) {
            try progress($0, tokens.count)
        }
        bootstrap = PromptBootstrap(
            promptCount: tokens.count,
            resamples: topology.resamples,
            seed: topology.seed
        )
    }
}
