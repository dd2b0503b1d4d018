// From a config to a finished run on disk.
import Files
public import Formation
public import Foundation
import Induction
import Torch
import Transformers

/// A training run with its directory, from the start or from its last checkpoint.
public final class TrainingJob {
    /// What decides everything.
    public let config: TrainingConfig
    /// Where it writes.
    public let directory: TrainingDirectory
    /// Evaluations so far.
    public private(set) var evaluations: [Evaluation]
    private let run: TrainingRun
    private let text: TrainingText?
    private var watch: TransitionWatch
    private var lastSaved: Int?

    /// What happens on the way, for a dashboard.
    public enum Event {
        /// An update was made; so many are done.
        case stepped(Int)
        /// An evaluation.
        case evaluated(Evaluation)
        /// A checkpoint was written.
        case saved(TrainingCheckpoint)
        /// The transition was found.
        case transition(Transition)
    }

    /// A new run.
    ///
    /// - Parameter path: of its directory; nil for `induction_run_<timestamp>`.
    /// - Throws: what is wrong with the settings, before anything is written; `FileError`, `TrainingDirectoryError`.
    public init(_ plan: TrainingPlan, path: String?) throws {
        (config, text) = (plan.config, plan.text)
        run = try TrainingRun(plan.config, text: plan.text?.ids ?? [])
        directory = try TrainingDirectory(new: plan.config, path: path)
        evaluations = []
        watch = TransitionWatch()
    }

    /// A run that goes on from its last checkpoint, or from the start if there is none.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError`, and what is wrong with the checkpoint.
    public init(resuming url: URL, _ plan: TrainingPlan) throws {
        directory = try TrainingDirectory(resuming: url)
        (config, text) = (plan.config, plan.text)
        let ids = plan.text?.ids ?? []
        if let checkpoint = TrainingCheckpoint.all(in: url).last {
            run = try TrainingRun(plan.config, from: checkpoint, text: ids)
            lastSaved = checkpoint.step
        } else {
            run = try TrainingRun(plan.config, text: ids)
        }
        evaluations = try directory.keepEvaluations(before: run.step)
        watch = TransitionWatch(resuming: evaluations.compactMap(\.scorePoint))
    }

    /// Steps done.
    public var step: Int { run.step }

    /// The transition as it was found; nil before.
    public var announced: Transition? { watch.announced }

    /// Time spent on curvature in this process, in seconds.
    public var curvatureSeconds: Double { run.curvatureSeconds }

    /// Trains to the end, or until somebody asks to stop; a run that stops, or cannot go on, leaves a checkpoint.
    ///
    /// - Returns: what was found; nil where the run was stopped.
    /// - Throws: `TrainingError`, `CurvatureError`, `FileError`.
    public func train(shouldStop: () -> Bool = { false }, hear: (Event) -> Void = { _ in }) throws
        -> TrainingResults?
    {
        let isComplete: Bool
        do {
            isComplete = try run.run(shouldStop: shouldStop) { event in
                switch event {
                case .checkpointDue: try save(hear)
                case .stepped: hear(.stepped(run.step))
                case .evaluated(let evaluation):
                    try directory.append(evaluation)
                    evaluations.append(evaluation)
                    hear(.evaluated(evaluation))
                    if let point = evaluation.scorePoint, let found = watch.add(point) {
                        hear(.transition(found))
                    }
                }
            }
        } catch let error where error is TrainingError || error is CurvatureError {
            try save(hear)
            throw error
        }
        guard isComplete, let last = evaluations.last else {
            try save(hear)
            return nil
        }
        let results = TrainingResults(
            transition: Transition(in: evaluations.compactMap(\.scorePoint)),
            final: last,
            steps: run.step,
            parameters: run.model.parameterCount
        )
        let final = TrainingDirectory.finalModel(of: directory.url)
        let partial = directory.url.appending(path: ".\(final.lastPathComponent).partial")
        try run.model.save(to: partial)
        try text?.writeTokenizer(to: partial)
        try Directories.put(partial, at: final)
        try directory.write(results)
        return results
    }

    private func save(_ hear: (Event) -> Void) throws {
        // The one that the run began from, or that it has just written, is there.
        guard lastSaved != run.step else { return }
        try run.checkpoint(in: directory.url) { try text?.writeTokenizer(to: $0) }
        lastSaved = run.step
        hear(.saved(TrainingCheckpoint(step: run.step, in: directory.url)))
    }
}

extension Evaluation {
    /// As the transition sees it; nil where no head has a score.
    public var scorePoint: ScorePoint? { best(\.induction).map { ScorePoint(step: step, score: $0) } }
}
