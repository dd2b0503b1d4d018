// Next-token training: AdamW, linear warm-up, cosine decay, gradients clipped by their common norm.
import Foundation
public import Torch
public import Transformers

/// Settings of a training run.
public struct TrainingSettings: Sendable, Equatable, Codable {
    /// Length of the schedule.
    public var steps: Int
    /// Largest learning rate.
    public var learningRate: Double
    /// Steps until it is reached.
    public var warmUpSteps: Int
    /// Whether it goes down again after that.
    public var decays: Bool
    /// Largest length of all gradients as one vector.
    public var gradientClip: Double
    /// Of AdamW.
    public var optimizer: AdamW.Settings

    /// All fields.
    public init(
        steps: Int,
        learningRate: Double,
        warmUpSteps: Int,
        decays: Bool = true,
        gradientClip: Double = 1,
        optimizer: AdamW.Settings = AdamW.Settings(beta2: 0.98, weightDecay: 0.01)
    ) {
        self.steps = steps
        self.learningRate = learningRate
        self.warmUpSteps = warmUpSteps
        self.decays = decays
        self.gradientClip = gradientClip
        self.optimizer = optimizer
    }

    /// Learning rate of a step, from 0: up in a line; if it decays, down in half a cosine to a tenth.
    public func learningRate(at step: Int) -> Double {
        if step < warmUpSteps { return learningRate * Double(step + 1) / Double(warmUpSteps) }
        guard decays else { return learningRate }
        let share = Double(step - warmUpSteps) / Double(max(steps - warmUpSteps, 1))
        return learningRate * (0.1 + 0.45 * (1 + cos(.pi * share)))
    }
}

/// What a step saw before it changed the weights.
public struct TrainingStep: Codable, Sendable, Equatable {
    /// Mean loss of the batch, in nats a token.
    public var loss: Double
    /// Length of all gradients as one vector, before they were clipped.
    public var gradientNorm: Double
    /// Of the update.
    public var learningRate: Double

    private enum CodingKeys: String, CodingKey {
        case loss
        case gradientNorm = "gradient_norm"
        case learningRate = "learning_rate"
    }
}

/// Trains a model in place.
public struct Trainer {
    /// The model; its weights record what is done with them until `finish`.
    public let model: Transformer
    /// Schedule and optimiser.
    public let settings: TrainingSettings
    /// The optimiser, with its state; its parameters are `model.parameters`.
    public let optimizer: AdamW

    /// Of all blocks in memory.
    public init(_ model: Transformer, settings: TrainingSettings) {
        self.model = model
        self.settings = settings
        optimizer = AdamW(model.parameters.map { $0.requiringGradient() }, settings: settings.optimizer)
    }

    /// One step on a batch of equally long sequences, of at most one token more than the model's context.
    ///
    /// - Parameter edits: of the forward pass, dropout say.
    /// - Throws: `TrainingError` when loss or gradients are no finite numbers, with weights and optimiser as they were;
    ///   `TokensError`.
    @discardableResult
    public func step(
        _ step: Int,
        on sequences: [[Int]],
        applying edits: [Intervention] = []
    ) throws -> TrainingStep {
        let (loss, gradients) = try lossAndGradients(on: sequences, applying: edits)
        let rate = settings.learningRate(at: step)
        guard loss.isFinite else { throw TrainingError.notFinite(.loss, step: step, learningRate: rate) }
        let norm = gradients.commonNorm
        guard norm.isFinite else { throw TrainingError.notFinite(.gradients, step: step, learningRate: rate) }
        if norm > settings.gradientClip { gradients.multiplyInPlace(settings.gradientClip / norm) }
        optimizer.step(gradients, learningRate: rate)
        return TrainingStep(loss: loss, gradientNorm: norm, learningRate: rate)
    }

    /// The mean loss of predicting every token but the first, and its gradients by `model.parameters`.
    public func lossAndGradients(
        on sequences: [[Int]],
        applying edits: [Intervention] = []
    ) throws -> (loss: Double, gradients: [Tensor]) {
        let inputs = try Tokens(sequences.map { Array($0.dropLast()) })
        let targets = Tensor(
            sequences.flatMap { $0.dropFirst() },
            [inputs.count, inputs.length],
            device: model.device
        )
        return try withGradients {
            let loss = try model.run(inputs, applying: edits).logits.crossEntropy(targets).mean()
            return (loss.detached().scalar, gradients(of: [loss], withRespectTo: optimizer.parameters))
        }
    }

    /// Ends training: the weights no longer record what is done with them.
    public func finish() {
        for parameter in optimizer.parameters { _ = parameter.requiringGradient(false) }
    }
}
