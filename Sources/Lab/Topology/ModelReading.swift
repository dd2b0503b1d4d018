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

    /// Reads a model's patterns.
    ///
    /// - Parameters:
    ///   - interim: what an earlier process has read, and where to keep what is read.
    ///   - progress: called with prompts done and their number; what it throws ends the reading.
    init(
        _ opened: OpenedModel,
        _ tokens: Tokens,
        for topology: Topology,
        keeping interim: inout Interim<CollectedPatterns>,
        progress: (Int, Int) throws -> Void
    ) throws {
        let compute = topology.compute
        model = try opened.load(compute)
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
        // Whole batches, so that pieces add up to the same bits as one pass.
        let piece = 4 * compute.batchSize
        var collected = interim.value
        while (collected?.promptCount ?? 0) < tokens.count {
            let first = collected?.promptCount ?? 0
            let next = try collectPatterns(
                of: model.transformer,
                reading: plan,
                prompts: first..<min(first + piece, tokens.count),
                batchSize: compute.batchSize
            ) { try progress(first + $0, tokens.count) }
            collected?.append(next)
            let all = collected ?? next
            collected = all
            try interim.keep(all)
        }
        guard let collected else { preconditionFailure("prompts are never none") }
        self.collected = collected
        bootstrap = PromptBootstrap(
            promptCount: tokens.count,
            resamples: topology.resamples,
            seed: topology.seed
        )
    }
}
