// Ablation: what predictions become when a part of the model is cut.
//
// Quantities: `OutputMetric`s of each prompt, of the whole model and without each part; delta = ablated minus base, so
// a positive delta loss says that the part helped. What is cut is z of a head, what attention or the MLP adds to the
// stream, or both of a layer, at all positions. A part that matters may be made up for by others when it is cut, so a
// small delta does not show that it does nothing; and each kind of cut takes the model to states that it was not
// trained in, `zero` furthest, `resample` least.
import Torch
public import Transformers

/// How a part is cut.
public enum AblationMode: String, Sendable, CaseIterable, Codable {
    /// Set to zero; see `ZeroPoint` for heads.
    case zero
    /// Set to its mean at the same position over the reference prompts that reach it. Where one prompt alone reaches a
    /// position, that is the prompt's own activation.
    case mean
    /// Set to its mean over all tokens of the reference prompts.
    case meanAll = "mean-all"
    /// Set to what it is in another prompt of the same length, at the same position. Prompts of one length are permuted
    /// among each other, none stays in its place.
    case resample
    /// Set to zero, with the patterns of all later layers kept as they are in the base run.
    case patternPreserving = "pattern-preserving"
}

/// What zero means for z of a head. A head's pattern adds up to one at each query, so what is the same in the values of
/// all positions is in z as it is, and weights that have it folded into the output bias give the same model with
/// another zero. Other modes than `zero` and `patternPreserving` give the same whichever it is.
public enum ZeroPoint: String, Sendable, CaseIterable, Codable {
    /// z of the weights as they are in the checkpoint is set to zero.
    case raw
    /// z keeps the value bias: zero for weights after TransformerLens's `fold_value_biases` alone.
    case valueBias = "value-bias"
    /// z keeps the value bias and what the norm's bias gives to the values: zero for weights as TransformerLens's
    /// `from_pretrained` processes them (`fold_ln`, then `fold_value_biases`), as in seed 004's tables.
    case foldedWeights = "folded-weights"
}

/// An ablation experiment.
public struct Ablation: Sendable, Equatable {
    /// How parts are cut.
    public var mode: AblationMode
    /// What zero means for heads.
    public var zeroPoint: ZeroPoint
    /// Prompts that means are taken over; nil takes the prompts of the experiment.
    public var reference: Tokens?
    /// Of the permutation of `resample`.
    public var seed: UInt64

    /// All fields.
    public init(
        mode: AblationMode = .zero,
        zeroPoint: ZeroPoint = .raw,
        reference: Tokens? = nil,
        seed: UInt64 = 0
    ) {
        self.mode = mode
        self.zeroPoint = zeroPoint
        self.reference = reference
        self.seed = seed
    }

    /// Cuts each part by itself and reads what comes out.
    ///
    /// - Parameters:
    ///   - components: the parts.
    ///   - model: the model.
    ///   - prompts: clean prompts and targets; the corrupted ones are not looked at.
    ///   - metrics: what is read of each target.
    ///   - budget: bytes that activations may take; nil takes a part of what is free.
    ///   - progress: called with runs done and their number; what it throws ends the experiment.
    /// - Throws: `TokensError`, `EffectError`, `SelectionError` for a part that the model lacks, and what `progress`
    ///   throws.
    public func values(
        of components: [CausalComponent],
        in model: Transformer,
        on prompts: CausalPrompts,
        metrics: [OutputMetric],
        budget: Int? = nil,
        progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> AblationValues {
        let prompts = CausalPrompts(clean: prompts.clean, targets: prompts.targets)
        try prompts.validate(for: model.config)
        try prompts.validate(positions: components.compactMap(\.position))
        let lenders = mode == .resample ? try lenders(for: prompts.clean) : prompts.clean.rows
        let means = try means(of: components, in: model, for: prompts.clean)
        let kept = recorded(components, in: model.config)
        let read = TargetMetric.needsCleanRun(metrics, prompts.targets) ? prompts.readPositions.count : 0
        let plan = PromptParts(
            [Array(prompts.clean.rows.indices)],
            keeping: model.bytes(of: kept, positions: prompts.clean.length)
                + model.logitBytes(positions: read),
            budget: budget,
            device: model.device
        )
        var result = AblationValues(components, metrics, promptCount: prompts.clean.count)
        let total = plan.parts.count * components.count
        for (index, indices) in plan.parts.enumerated() {
            let part = try prompts.part(indices)
            let metric = try TargetMetric(metrics, of: part, in: model)
            let lent = try Tokens(indices.map { lenders[$0] })
            let source = try source(means, keeping: kept, of: lent, in: model)
            let found = try model.sweep(
                part.clean,
                variations: components.map {
                    try edits(of: $0, in: model, length: part.clean.length, from: source)
                },
                reading: metric.cells,
                budget: plan.sweepBudget,
                progress: { done, all in
                    // A sweep counts each variation once for every batch of prompts.
                    try progress((index * all + done) * components.count / all, total)
                },
                metric: { metric($0, $1) }
            )
            result.base.place(metric.perPrompt(found.base), at: indices)
            for (component, values) in found.variations.enumerated() {
                result.ablated[component].place(metric.perPrompt(values), at: indices)
            }
        }
        return result
    }
}

/// What ablation found, prompt by prompt.
public struct AblationValues: Sendable, Equatable, Codable {
    /// The parts that were cut.
    public let components: [CausalComponent]
    /// What was read.
    public let metrics: [OutputMetric]
    /// Of the whole model: [prompt][metric], means over a prompt's targets.
    public fileprivate(set) var base: [[Double]]
    /// Without each part: [component][prompt][metric].
    public fileprivate(set) var ablated: [[[Double]]]

    fileprivate init(_ components: [CausalComponent], _ metrics: [OutputMetric], promptCount: Int) {
        self.components = components
        self.metrics = metrics
        base = Array(repeating: [], count: promptCount)
        ablated = components.map { _ in Array(repeating: [], count: promptCount) }
    }
}

extension Array {
    /// Sets the elements at some indices.
    mutating func place(_ elements: [Element], at indices: [Int]) {
        for (index, element) in zip(indices, elements) { self[index] = element }
    }
}
