// A training run as it is on disk: what its figures are drawn from.
public import Formation
public import Foundation

/// The config and the evaluations of a run, finished or not.
public struct TrainingRecord: Sendable {
    /// What the run is called: the name of its directory.
    public let name: String
    /// Where it is.
    public let url: URL
    /// What decided everything.
    public let config: TrainingConfig
    /// All evaluations.
    public let evaluations: [Evaluation]
    /// When induction heads formed, in the evaluations that there are.
    public let transition: Transition

    /// Reads a run.
    ///
    /// - Throws: `FileError`, `TrainingDirectoryError`.
    public init(of run: URL) throws {
        url = run
        name = run.standardizedFileURL.lastPathComponent
        config = try TrainingDirectory.config(of: run)
        evaluations = try TrainingDirectory.evaluations(of: run)
        guard let first = evaluations.first else { throw TrainingDirectoryError.nothingToDraw(run.path) }
        let ascends = zip(evaluations, evaluations.dropFirst()).allSatisfy { $0.step < $1.step }
        guard ascends, first.step >= 0, evaluations.allSatisfy({ $0.heads.count == first.heads.count }) else {
            throw TrainingDirectoryError.unreadable(run.path, "its evaluations are not of one run, in order")
        }
        transition = Transition(in: evaluations.compactMap(\.scorePoint))
    }

    /// Task, shape and seed in one line.
    public var summary: String { (traits + ["seed \(config.seed)"]).joined(separator: ", ") }

    /// Task and shape, piece by piece.
    var traits: [String] {
        let model = config.model
        return [
            "task \(config.task.kind.rawValue) (\(config.vocabularySize) ids, \(config.task.length) positions)",
            "\(model.layers) layer\(model.layers == 1 ? "" : "s")", "\(model.heads) heads a layer",
            "d_model \(model.dModel)",
            model.dMLP == 0 ? "attention-only" : "d_ff \(model.dMLP)",
            model.positions == .learned ? nil : "\(model.positions.rawValue) positions",
            model.smearsKeys ? "smeared keys" : nil,
        ].compactMap(\.self)
    }
}
