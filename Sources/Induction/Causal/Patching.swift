// Activation patching: what predictions become when one activation comes from another run.
//
// Quantities: `OutputMetric`s of each prompt in the clean run, in the corrupted run, and in a run with one part's
// activation taken from the other. Denoising runs the corrupted prompt and takes from the clean one: it finds parts
// that are enough to restore what was lost. Noising runs the clean prompt and takes from the corrupted one: it finds
// parts that are needed. The two differ where parts make up for each other. Clean and corrupted prompts are equally long,
// and an activation is moved between equal positions.
import Torch
public import Transformers

/// Which run is patched.
public enum PatchingDirection: String, Sendable, CaseIterable, Codable {
    /// The corrupted run takes an activation from the clean one.
    case denoising
    /// The clean run takes an activation from the corrupted one.
    case noising
}

/// Where an activation is taken over.
public enum PatchingPositions: Sendable, Equatable {
    /// Where a prompt's last target is read.
    case last
    /// Everywhere.
    case all
    /// At these positions, which every prompt must have.
    case at([Int])
}

/// A patching experiment.
public struct Patching: Sendable, Equatable {
    /// Which run is patched.
    public var direction: PatchingDirection
    /// Where, for parts that have no position of their own.
    public var positions: PatchingPositions

    /// Both.
    public init(direction: PatchingDirection = .denoising, positions: PatchingPositions = .all) {
        self.direction = direction
        self.positions = positions
    }

    /// Patches each part by itself and reads what comes out.
    ///
    /// Where nothing can change, nothing is run: before the first token in which clean and corrupted differ, and behind
    /// the last target.
    ///
    /// - Parameters:
    ///   - components: the parts. A layer is the stream that leaves it; for seeds' position-by-layer maps give the
    ///     residual stream of each layer at each position.
    ///   - model: the model.
    ///   - prompts: clean and corrupted prompts, and targets, which are read in all runs.
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
    ) throws -> PatchingValues {
        try prompts.validate(for: model.config)
        guard prompts.corrupted != nil else { throw EffectError.noCorrupted }
        if case .at(let positions) = positions { try prompts.validate(positions: positions) }
        try prompts.validate(positions: components.compactMap(\.position))
        // A part that the model lacks is an error also where nothing can change. This run ends before the first block.
        let missing = components.map { Intervention.zero($0.patched) }
        _ = try model.run(prompts.clean, applying: missing, logits: .none)

        let kept = Selector.whole(components.map(\.patched))
        let plan = PromptParts(
            positions == .last ? prompts.byLastRead : [Array(prompts.clean.rows.indices)],
            keeping: model.bytes(of: kept, positions: prompts.clean.length)
                + 2 * model.logitBytes(positions: prompts.readPositions.count),
            budget: budget,
            device: model.device
        )
        var result = PatchingValues(components, metrics, promptCount: prompts.clean.count)
        for (index, indices) in plan.parts.enumerated() {
            let part = try values(components, model, prompts.part(indices), metrics, plan.sweepBudget) {
                done in
                try progress(index * components.count + done, plan.parts.count * components.count)
            }
            result.place(part, at: indices)
        }
        return result
    }

    /// Prompts that are run together; of those whose last targets are patched, the last targets are at one position.
    private func values(
        _ components: [CausalComponent],
        _ model: Transformer,
        _ prompts: CausalPrompts,
        _ metrics: [OutputMetric],
        _ budget: Int?,
        progress: (Int) throws -> Void
    ) throws -> PatchingValues {
        let (clean, corrupted) = (prompts.clean, prompts.corrupted ?? prompts.clean)
        let (run, lender) = direction == .denoising ? (corrupted, clean) : (clean, corrupted)
        let open = prompts.changingPositions
        let places = components.map { component in
            (component.position.map { [$0] } ?? asked(of: prompts)).filter(open.contains)
        }
        let changing = components.indices.filter { !places[$0].isEmpty }
        let selectors = changing.map { components[$0].patched.positions(places[$0]) }

        let read = OutputPositions.at(prompts.readPositions)
        let lent = try model.run(lender, recording: Selector.whole(selectors), logits: read)
        let lentLogits = try prompts.targetLogits(of: lent)
        let metric = try TargetMetric(metrics, of: prompts, on: model.device) {
            direction == .denoising
                ? lentLogits : try prompts.targetLogits(of: model.run(clean, logits: read))
        }
        let found = try model.sweep(
            run,
            variations: selectors.map { [.replace($0, from: lent)] },
            reading: metric.cells,
            budget: budget,
            progress: { done, all in
                try progress(components.count - changing.count + changing.count * done / all)
            },
            metric: { metric($0, $1) }
        )
        let base = metric.perPrompt(found.base)
        var other = metric.perPrompt(lentLogits)
        // What is the same prompt in both runs differs by rounding alone.
        let equal = clean.rows.indices.filter { clean.rows[$0] == corrupted.rows[$0] }
        other.place(equal.map { base[$0] }, at: equal)
        var result = PatchingValues(components, metrics, promptCount: clean.count)
        (result.clean, result.corrupted) = direction == .denoising ? (other, base) : (base, other)
        result.patched = components.map { _ in base }
        result.patched.place(found.variations.map(metric.perPrompt), at: changing)
        return result
    }

    private func asked(of prompts: CausalPrompts) -> [Int] {
        switch positions {
        case .last: Array(prompts.lastRead.prefix(1))
        case .all: Array(0..<prompts.clean.length)
        case .at(let positions): positions
        }
    }
}

extension CausalPrompts {
    /// Prompts grouped by the position of their last target.
    fileprivate var byLastRead: [[Int]] {
        let last = lastRead
        return Dictionary(grouping: clean.rows.indices) { last[$0] }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Positions at which moving an activation can change a prediction: from the first token in which a corrupted prompt
    /// differs from its clean one, to the last target.
    fileprivate var changingPositions: Range<Int> {
        guard let corrupted, let last = lastRead.max() else { return 0..<0 }
        let first = zip(clean.rows, corrupted.rows).compactMap { own, other in
            zip(own, other).enumerated().first { $1.0 != $1.1 }?.offset
        }.min()
        return first.map { $0..<max($0, last + 1) } ?? 0..<0
    }
}

/// What patching found, prompt by prompt.
public struct PatchingValues: Sendable, Equatable, Codable {
    /// The parts that were patched.
    public let components: [CausalComponent]
    /// What was read.
    public let metrics: [OutputMetric]
    /// Of the clean run: [prompt][metric], means over a prompt's targets.
    public fileprivate(set) var clean: [[Double]]
    /// Of the corrupted run: [prompt][metric].
    public fileprivate(set) var corrupted: [[Double]]
    /// With each part's activation from the other run: [component][prompt][metric].
    public fileprivate(set) var patched: [[[Double]]]

    fileprivate init(_ components: [CausalComponent], _ metrics: [OutputMetric], promptCount: Int) {
        self.components = components
        self.metrics = metrics
        clean = Array(repeating: [], count: promptCount)
        corrupted = clean
        patched = components.map { _ in Array(repeating: [], count: promptCount) }
    }

    fileprivate mutating func place(_ part: PatchingValues, at prompts: [Int]) {
        clean.place(part.clean, at: prompts)
        corrupted.place(part.corrupted, at: prompts)
        for component in components.indices {
            patched[component].place(part.patched[component], at: prompts)
        }
    }
}
