// Small runs.
import Foundation
import Torch

@testable import Formation

/// A run of a second: dropout, curvature and checkpoints, each at a rhythm of its own.
func smallRun(_ change: (inout TrainingConfig) -> Void = { _ in }) -> TrainingConfig {
    var config = TrainingConfig(
        model: ModelShape(layers: 2, heads: 2, dModel: 16, dMLP: 24, deviation: 0.1),
        vocabularySize: 24,
        task: TrainingTask(.repeat(RepeatTask(minPatternLength: 3, maxPatternLength: 9)), length: 22),
        batchSize: 4,
        training: TrainingSettings(steps: 12, learningRate: 1e-2, warmUpSteps: 3),
        dropout: 0.1,
        evaluationInterval: 2,
        evaluationCount: 4,
        curvatureInterval: 4,
        curvatureCount: 2,
        topEigenvalues: 2,
        checkpointInterval: 5,
        seed: 7
    )
    change(&config)
    return config
}

/// All of a run: its evaluations and its last weights.
func outcome(of run: TrainingRun, in directory: URL, from earlier: [Evaluation] = []) throws -> (
    evaluations: [Evaluation], weights: [[Float]]
) {
    var evaluations = earlier
    try run.run { event in
        switch event {
        case .checkpointDue: try run.checkpoint(in: directory)
        case .evaluated(let evaluation): evaluations.append(evaluation)
        case .stepped: break
        }
    }
    return (evaluations, run.model.parameters.map { $0.detached().floats })
}
