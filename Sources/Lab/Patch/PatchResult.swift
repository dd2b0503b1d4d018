// What patching each part restores, or takes away.
//
// Quantities: the metric of clean, corrupted and patched runs, means over prompts with BCa intervals; recovery, see
// `Recovery`: 1 where the patched run is as the run that the activation comes from, 0 where it is as before. For
// noising, clean and corrupted change places, so that 1 says that the part alone takes away what the clean run has. With
// `kl` the clean run is at 0 by definition, and recovery is 1 - patched / corrupted. `gain` is the change that a part
// makes, prompt by prompt, positive towards the run that the activation comes from where the model does better on clean
// prompts.
public import Induction
import Transformers

/// What patching found.
public struct PatchResult: AnalysisResult, Sendable {
    /// One part that was patched.
    public struct Part: Sendable, Equatable {
        /// Which.
        public let component: CausalComponent
        /// The metric with it patched.
        public let patched: Estimate
        /// How far it goes towards the other run.
        public let recovery: Recovery
        /// The metric of each prompt with it patched.
        public let values: [Double]
    }

    /// The model's name.
    public let model: String
    /// What was asked.
    public let patch: Patch
    /// Blocks and heads a block.
    public let shape: (layers: Int, heads: Int)
    /// Number of prompts.
    public let promptCount: Int
    /// Number of predictions that are read, in all prompts.
    public let predictions: Int
    /// Texts of the first prompt's tokens; empty but for maps of positions.
    public let tokens: [String]
    /// The metric of the clean run.
    public let clean: Estimate
    /// The metric of the corrupted run.
    public let corrupted: Estimate
    /// The parts, block by block.
    public let parts: [Part]
    /// The metric of each prompt in the run that is patched.
    let base: [Double]

    init(
        _ patch: Patch,
        _ model: LoadedModel,
        _ prompts: CausalPrompts,
        _ values: PatchingValues,
        tokens: [String]
    ) {
        self.model = model.opened.name
        self.patch = patch
        self.tokens = tokens
        shape = (model.opened.config.layers, model.opened.config.heads)
        promptCount = prompts.clean.count
        predictions = prompts.targets.count
        let bootstrap = PromptBootstrap(promptCount: prompts.clean.count, seed: patch.seed)
        let (clean, corrupted) = (values.clean.map { $0[0] }, values.corrupted.map { $0[0] })
        let patched = values.patched.map { $0.map { $0[0] } }
        let ends = bootstrap.means(of: [clean, corrupted])
        (self.clean, self.corrupted) = (ends[0], ends[1])
        let isDenoising = patch.comparison.direction == .denoising
        base = isDenoising ? corrupted : clean
        let recoveries = bootstrap.recoveries(
            clean: isDenoising ? clean : corrupted,
            corrupted: base,
            patched: patched
        )
        let means = bootstrap.means(of: patched)
        parts = values.components.indices.map {
            Part(
                component: values.components[$0],
                patched: means[$0],
                recovery: recoveries[$0],
                values: patched[$0]
            )
        }
    }

    /// Parts that have a recovery, the highest first.
    public var ranked: [Part] {
        parts.filter { $0.recovery.mean != nil }
            .enumerated()
            .sorted {
                ($1.element.recovery.mean ?? 0, $0.offset) < ($0.element.recovery.mean ?? 0, $1.offset)
            }
            .map(\.element)
    }

    /// The highest recoveries from the threshold up, as seed 001 lists them.
    public var important: [Part] {
        Array(ranked.prefix { ($0.recovery.mean ?? 0) >= patch.threshold }.prefix(patch.top))
    }

    /// What each prompt gains by a part; for noising, what it loses.
    public func gains(_ part: Part) -> [Double] {
        let sign =
            (patch.comparison.metric.isBetterHigh ? 1.0 : -1)
            * (patch.comparison.direction == .denoising ? 1 : -1)
        return zip(part.values, base).map { sign * ($0 - $1) }
    }

    /// The name of the kind of part, as `--component` takes it.
    var componentName: String { patch.isByPosition ? "position-by-layer" : patch.components.kind.rawValue }

    /// Why there is no recovery of any part, if there is none.
    var undefined: Recovery.Undefined? {
        parts.contains { $0.recovery.mean != nil } ? nil : parts.first?.recovery.undefined
    }

    /// What a reader must know about the numbers.
    public var notes: [String] {
        var notes = PromptBootstrap.notes(promptCount: promptCount)
        if let undefined {
            notes.append("Recovery is \(undefined)")
        } else {
            let count = parts.count { $0.recovery.mean == nil }
            if count > 0 {
                notes.append(
                    "\(count) of \(parts.count) have no recovery: patched, a prediction is infinite or not a number."
                )
            }
        }
        if patch.positions == .all, !patch.isByPosition, [.layer, .residual].contains(patch.components.kind) {
            notes.append(
                "At all positions the stream is everything that later blocks read: recovery is 1 by construction."
            )
        }
        return notes
    }
}

extension OutputMetric {
    /// Whether a better prediction has a higher value.
    var isBetterHigh: Bool { self == .logitDiff || self == .prob }

    /// The metric with its unit.
    var axis: String {
        switch self {
        case .logitDiff: "logit difference, answer − foil"
        case .loss: "loss of the answer (nats)"
        case .prob: "probability of the answer"
        case .kl: "KL from the clean prediction (nats)"
        }
    }
}
