// What can be wrong with the numbers of a training run.
import Torch

/// Settings that no run can have.
public enum TrainingConfigError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number that is too small.
    case tooSmall(flag: String, value: Int, least: Int)
    /// A number outside 0..<1 or not finite.
    case outOfRange(flag: String, value: Double, expected: String)
    /// Curvature is measured at evaluations.
    case unevenCurvature(curvature: Int, evaluation: Int)
    /// More eigenvalues than the model has parameters.
    case tooManyEigenvalues(Int, parameters: Int)
    /// A checkpoint that is not as it was written.
    case damagedCheckpoint(String, String)
    /// A checkpoint from a run with another number of threads.
    case otherThreads(saved: Int, now: Int)

    /// One sentence: what was found, what to do.
    public var description: String {
        switch self {
        case .tooSmall(let flag, let value, let least): "\(flag) is \(value); give \(least) or more."
        case .outOfRange(let flag, let value, let expected): "\(flag) is \(value); give \(expected)."
        case .unevenCurvature(let curvature, let evaluation):
            """
            --eigen-interval is \(curvature) and --log-interval \(evaluation); curvature is measured at evaluations, so give a \
            multiple, or 0 for none.
            """
        case .tooManyEigenvalues(let asked, let parameters):
            "--track-top-k-eigenvalues is \(asked), and the model has \(parameters) parameters; ask for fewer."
        case .damagedCheckpoint(let path, let reason):
            "\(path) is damaged: \(reason); remove it to go on from the checkpoint before it."
        case .otherThreads(let saved, let now):
            """
            the run was computed with \(saved) threads, now there are \(now), which gives other last digits; set \
            OMP_NUM_THREADS=\(saved) to go on with it.
            """
        }
    }
}

extension TrainingConfig {
    /// Throws for numbers that no run can have.
    func validate() throws(TrainingConfigError) {
        let counts = [
            ("--num-steps", training.steps, 1), ("--batch-size", batchSize, 1),
            ("--log-interval", evaluationInterval, 1),
            ("--checkpoint-interval", checkpointInterval, 1), ("--eval-sequences", evaluationCount, 2),
            ("--eigen-interval", curvatureInterval, 0), ("--eigen-sequences", curvatureCount, 1),
            ("--track-top-k-eigenvalues", topEigenvalues, 1), ("--warm-up-steps", training.warmUpSteps, 0),
        ]
        for (flag, value, least) in counts where value < least {
            throw .tooSmall(flag: flag, value: value, least: least)
        }
        guard (0..<1).contains(dropout) else {
            throw .outOfRange(flag: "--dropout", value: dropout, expected: "a share from 0 to less than 1")
        }
        for (flag, value) in [("--lr", training.learningRate), ("--grad-clip", training.gradientClip)]
        where !(value > 0 && value.isFinite) {
            throw .outOfRange(flag: flag, value: value, expected: "a positive number")
        }
        guard training.optimizer.weightDecay >= 0, training.optimizer.weightDecay.isFinite else {
            throw .outOfRange(
                flag: "--weight-decay",
                value: training.optimizer.weightDecay,
                expected: "0 or a positive number"
            )
        }
        guard curvatureInterval.isMultiple(of: evaluationInterval) else {
            throw .unevenCurvature(curvature: curvatureInterval, evaluation: evaluationInterval)
        }
    }
}
