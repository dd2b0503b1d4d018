// A training run: steps, evaluations, checkpoints.
//
// At step n (n updates done): a checkpoint if one is due, an evaluation if one is due, then the update. A run that goes on from
// the checkpoint of step n does step n's evaluation again, and so writes the same lines as one that was not stopped.
public import Foundation
import Induction
import Torch
public import Transformers

/// A run at work. One thread at a time.
public final class TrainingRun {
    /// What decides everything.
    public let config: TrainingConfig
    /// The model at `step`.
    public let model: Transformer
    /// Updates done.
    public private(set) var step = 0

    private let trainer: Trainer
    private let sampler: TaskSampler
    private let evaluator: Evaluator
    private let curvatureBatch: Tokens
    private let dropout: Dropout
    private var batches: SeededGenerator
    private var vectors: Tensor?
    /// Time spent on curvature by this value, in seconds.
    public private(set) var curvatureSeconds = 0.0

    /// What happens on the way.
    public enum Event {
        /// A checkpoint is due, before step's evaluation and update: `write` makes it.
        case checkpointDue
        /// An evaluation, complete.
        case evaluated(Evaluation)
        /// An update was made.
        case stepped
    }

    /// A run from fresh weights.
    ///
    /// - Parameter text: ids of the whole text, for the text task.
    /// - Throws: `ModelShapeError`, `TaskError`, `TrainingConfigError`.
    public init(_ config: TrainingConfig, text: [Int] = []) throws {
        try config.validate()
        self.config = config
        sampler = try TaskSampler(config, text: text)
        evaluator = try Evaluator(config, sampler)
        curvatureBatch = try Self.curvatureBatch(of: sampler, config)
        model = Transformer.initialized(
            try config.transformerConfig(),
            deviation: config.model.deviation,
            using: RandomSource(seed: config.seed)
        )
        let parameters = model.parameterCount
        guard config.curvatureInterval == 0 || config.topEigenvalues <= parameters else {
            throw TrainingConfigError.tooManyEigenvalues(config.topEigenvalues, parameters: parameters)
        }
        trainer = Trainer(model, settings: config.training)
        batches = SeededGenerator(seed: config.seed)
        dropout = Dropout(share: config.dropout, random: RandomSource(seed: ~config.seed))
    }

    /// A run that goes on from a checkpoint.
    ///
    /// - Throws: as for fresh weights, and what is wrong with the checkpoint's files.
    public convenience init(
        _ config: TrainingConfig,
        from checkpoint: TrainingCheckpoint,
        text: [Int] = []
    ) throws {
        try self.init(config, text: text)
        let saved = try Transformer(directory: checkpoint.url)
        guard saved.config == model.config else {
            throw TrainingConfigError.damagedCheckpoint(
                checkpoint.url.path,
                "it holds a model of another shape"
            )
        }
        for (own, other) in zip(model.parameters, saved.parameters) { withoutGradients { own.assign(other) } }
        let count = model.parameterCount
        let (state, vectors) = try checkpoint.read(into: trainer.optimizer, parameters: count)
        guard state.threads == Engine.threadCount else {
            throw TrainingConfigError.otherThreads(saved: state.threads, now: Engine.threadCount)
        }
        step = state.step
        batches = state.batches
        dropout.restore(state.dropout)
        self.vectors = vectors
    }

    /// Trains to the end, or until somebody asks to stop.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each step.
    ///   - hear: told what happens; what it throws ends the run at the step that it is at.
    /// - Returns: whether the end was reached.
    /// - Throws: `TrainingError` with the weights of the last good step, `CurvatureError`.
    @discardableResult
    public func run(shouldStop: () -> Bool = { false }, hear: (Event) throws -> Void) throws -> Bool {
        let first = step
        while true {
            let isLast = step >= config.training.steps
            if step > first, isLast || step.isMultiple(of: config.checkpointInterval) {
                try hear(.checkpointDue)
            }
            if !isLast, shouldStop() { return false }
            let isDue = step.isMultiple(of: config.evaluationInterval) || isLast
            var (evaluation, top) = isDue ? try evaluate() : (nil, nil)
            if !isLast {
                // A step that cannot be made leaves the stream where it was.
                var following = batches
                let random = dropout.state
                let batch = sampler.batch(config.batchSize, using: &following)
                let edits = dropout.edits(of: model.config)
                let made: TrainingStep
                do {
                    made = try trainer.step(step, on: batch.sequences, applying: edits)
                } catch {
                    dropout.restore(random)
                    throw error
                }
                evaluation?.training = made
                batches = following
            }
            if let evaluation { try hear(.evaluated(evaluation)) }
            vectors = top ?? vectors
            if isLast { return true }
            step += 1
            try hear(.stepped)
        }
    }

    /// The evaluation of this step, with the top eigenvectors if it looked for them.
    private func evaluate() throws -> (Evaluation?, Tensor?) {
        var evaluation = try evaluator.evaluation(of: model, at: step)
        guard config.curvatureInterval > 0, step.isMultiple(of: config.curvatureInterval) else {
            return (evaluation, nil)
        }
        let ends = LanczosSettings(
            top: config.topEigenvalues,
            bottom: config.topEigenvalues,
            maximumProducts: max(200, 4 * config.topEigenvalues),
            seed: config.seed
        )
        let curvature = try Curvature(
            of: model,
            on: curvatureBatch,
            settings: CurvatureSettings(
                lanczos: ends,
                traceProbes: 2,
                density: SpectralDensity.Settings(probes: 2, steps: 24)
            ),
            previousTop: vectors
        )
        evaluation.curvature = curvature.spectrum
        curvatureSeconds += curvature.seconds
        return (evaluation, curvature.topVectors)
    }

    /// The held-out sequences that a run's Hessian is of.
    ///
    /// - Parameter text: ids of the whole text, for the text task.
    /// - Throws: `TaskError`.
    public static func curvatureBatch(_ config: TrainingConfig, text: [Int] = []) throws -> Tokens {
        try curvatureBatch(of: TaskSampler(config, text: text), config)
    }

    private static func curvatureBatch(of sampler: TaskSampler, _ config: TrainingConfig) throws -> Tokens {
        try Tokens(sampler.heldOut(config.curvatureCount, seed: config.seed &+ 1).sequences)
    }

    /// Writes a checkpoint of this step below a run's directory.
    ///
    /// - Parameter adding: puts more files into the checkpoint.
    /// - Throws: `FileError`, and what `adding` throws.
    public func checkpoint(in run: URL, adding: (URL) throws -> Void = { _ in }) throws {
        let state = TrainingState(
            step: step,
            updates: trainer.optimizer.stepCount,
            batches: batches,
            dropout: dropout.state,
            curvatureVectors: vectors?.size(0) ?? 0,
            threads: Engine.threadCount
        )
        try TrainingCheckpoint(step: step, in: run).write(state, trainer, vectors: vectors, adding: adding)
    }
}

extension TaskSampler {
    /// Of a run.
    fileprivate init(_ config: TrainingConfig, text: [Int]) throws(TaskError) {
        try self.init(config.task, vocabulary: config.promptVocabulary, text: text, poolSeed: config.seed)
    }
}
