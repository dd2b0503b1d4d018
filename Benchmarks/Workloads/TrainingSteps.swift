// Steps of training: the work of train2l.
import Formation
import Torch
import Transformers

/// Trains on the batches in turn, for as many steps as there are batches to compare losses, then in lots that are timed.
///
/// - Parameters:
///   - batches: of sequences one token longer than the model's context.
///   - lots: how many lots.
///   - steps: of a lot.
/// - Returns: the losses of the first steps, and the seconds of each lot.
func trainingSteps(of model: Transformer, on batches: [[[Int]]], lots: Int, steps: Int) throws -> (
    losses: [Double], seconds: [Double]
) {
    // The peer's: a constant rate, PyTorch's own decay rates, no clipping.
    let settings = TrainingSettings(
        steps: .max,
        learningRate: 1e-3,
        warmUpSteps: 0,
        gradientClip: .infinity,
        optimizer: AdamW.Settings()
    )
    let trainer = Trainer(model, settings: settings)
    let losses = try batches.enumerated().map { try trainer.step($0, on: $1).loss }
    var step = batches.count
    let seconds = try (0..<lots).map { _ in
        let start = ContinuousClock.now
        for _ in 0..<steps {
            try trainer.step(step, on: batches[step % batches.count])
            step += 1
        }
        return start.duration(to: .now) / .seconds(1)
    }
    trainer.finish()
    return (losses, seconds)
}
