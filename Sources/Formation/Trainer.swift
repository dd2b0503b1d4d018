// Next-token training: AdamW, linear warm-up, cosine decay, gradients clipped by their common norm.
import Foundation
import Torch
import Transformers

/// Settings of a training run.
struct TrainingSettings {
    var steps: Int
    var learningRate: Double
    var warmUpSteps: Int
    var gradientClip = 1.0
    var optimizer = AdamW.Settings(beta2: 0.98, weightDecay: 0.01)

    /// Learning rate of a step, from 0: up in a line, down in half a cosine to a tenth.
    func learningRate(at step: Int) -> Double {
        if step < warmUpSteps { return learningRate * Double(step + 1) / Double(warmUpSteps) }
        let share = Double(step - warmUpSteps) / Double(max(steps - warmUpSteps, 1))
        return learningRate * (0.1 + 0.45 * (1 + cos(.pi * share)))
    }
}

/// Trains a model in place.
struct Trainer {
    let model: Transformer
    let settings: TrainingSettings
    private let parameters: [Tensor]
    private let optimizer: AdamW

    init(_ model: Transformer, settings: TrainingSettings) {
        self.model = model
        self.settings = settings
        parameters = model.parameters.map { $0.requiringGradient() }
        optimizer = AdamW(parameters, settings: settings.optimizer)
    }

    /// One step on a batch of equally long sequences; the mean loss before it, in nats a token.
    func step(_ step: Int, on sequences: [[Int]]) throws -> Double {
        let (loss, gradients) = try lossAndGradients(on: sequences)
        clip(gradients)
        optimizer.step(gradients, learningRate: settings.learningRate(at: step))
        return loss
    }

    /// The mean loss of predicting every token but the first, and its gradients by `model.parameters`.
    func lossAndGradients(on sequences: [[Int]]) throws -> (loss: Double, gradients: [Tensor]) {
        let tokens = try Tokens(sequences)
        let length = tokens.length
        let targets = Tensor(
            sequences.flatMap { $0.dropFirst() },
            [tokens.count, length - 1],
            device: model.device
        )
        return try withGradients {
            let logits = try model.run(tokens).logits.slice(1, 0..<length - 1)  // [b, p - 1, vocab]
            let loss = logits.crossEntropy(targets).mean()
            return (loss.detached().scalar, Torch.gradients(of: [loss], withRespectTo: parameters))
        }
    }

    /// Ends training: the weights no longer record what is done with them.
    func finish() {
        for parameter in parameters { _ = parameter.requiringGradient(false) }
    }

    /// Shortens gradients, taken together as one vector, to the length that the settings allow.
    func clip(_ gradients: [Tensor]) {
        let norm = Tensor.stack(gradients.map { $0.norm() }).norm().scalar
        guard norm > settings.gradientClip else { return }
        for gradient in gradients { gradient.multiplyInPlace(settings.gradientClip / norm) }
    }
}
