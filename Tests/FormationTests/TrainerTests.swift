// Training: the schedule, the gradients, and that it learns, the same way every time.
import Foundation
import Induction
import Testing
import Torch
import Transformers

@testable import Formation

private let settings = TrainingSettings(steps: 60, learningRate: 1e-2, warmUpSteps: 10)

private func batches(_ count: Int, seed: UInt64 = 1) throws -> [[[Int]]] {
    let task = TrainingTask(.repeat(RepeatTask(minPatternLength: 3, maxPatternLength: 8)), length: 24)
    let sampler = try TaskSampler(task, vocabulary: PromptVocabulary(size: 19, bosTokenID: 0))
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in sampler.batch(8, using: &generator).sequences }
}

/// Trains a fresh model; its losses and weights.
private func train(_ config: TransformerConfig, steps: Int) throws -> (losses: [Double], model: Transformer) {
    let model = Transformer.initialized(config, deviation: 0.1, using: RandomSource(seed: 4))
    let trainer = Trainer(model, settings: settings)
    let losses = try batches(steps).enumerated().map { try trainer.step($0, on: $1).loss }
    trainer.finish()
    return (losses, model)
}

@Suite struct TrainingSettingsTests {
    @Test func learningRateRisesInALineAndFallsInHalfACosine() {
        let settings = TrainingSettings(steps: 110, learningRate: 0.5, warmUpSteps: 10)
        #expect(
            (0..<10).allSatisfy { (settings.learningRate(at: $0) - 0.05 * Double($0 + 1)).magnitude < 1e-12 }
        )
        #expect((settings.learningRate(at: 10) - 0.5).magnitude < 1e-12)
        // Half way down: the middle of the peak and a tenth of it.
        #expect((settings.learningRate(at: 60) - 0.275).magnitude < 1e-12)
        #expect((settings.learningRate(at: 110) - 0.05).magnitude < 1e-12)
        #expect((10..<109).allSatisfy { settings.learningRate(at: $0) > settings.learningRate(at: $0 + 1) })
    }

    @Test func warmUpMayBeNone() {
        let settings = TrainingSettings(steps: 1, learningRate: 0.5, warmUpSteps: 0)
        #expect(settings.learningRate(at: 0) == 0.5)
    }
}

@Suite struct TrainerTests {
    @Test(arguments: configs)
    func lossFalls(config: TransformerConfig) throws {
        let losses = try train(config, steps: 40).losses
        // A fresh model is close to uniform over 19 tokens.
        #expect((losses[0] - log(19)).magnitude < 0.4, "first loss \(losses[0])")
        let last = losses.suffix(5).reduce(0, +) / 5
        // Without norms a small start stays small for long.
        let fall = config.normalization == .none ? 0.03 : 0.25
        #expect(last < losses[0] - fall, "from \(losses[0]) to \(last)")
    }

    @Test func theSameSeedGivesTheSameBits() throws {
        let (first, second) = (try train(configs[0], steps: 12), try train(configs[0], steps: 12))
        #expect(first.losses == second.losses)
        #expect(zip(first.model.parameters, second.model.parameters).allSatisfy { $0.isEqual(to: $1) })
    }

    @Test(arguments: configs)
    func gradientsAreThoseOfFiniteDifferences(config: TransformerConfig) throws {
        let model = doubled(.initialized(config, deviation: 0.3, using: RandomSource(seed: 5)))
        for (index, parameter) in model.parameters.enumerated() {
            // Off the start's zeros and ones.
            let noise = RandomSource(seed: UInt64(100 + index)).normal(parameter.shape, dtype: .float64)
            parameter.addInPlace(noise, scale: 0.1)
        }
        let trainer = Trainer(model, settings: settings)
        let batch = Array(try batches(1)[0][..<3])
        let gradients = try trainer.lossAndGradients(on: batch).gradients
        trainer.finish()
        for (parameter, gradient) in zip(model.parameters, gradients) {
            #expect(gradient.dtype == .float64 && gradient.shape == parameter.shape)
            // The derivative along a random direction.
            let direction = RandomSource(seed: 6).normal(parameter.shape, dtype: .float64)
            let width = 1e-5
            func loss(_ shift: Double) throws -> Double {
                parameter.addInPlace(direction, scale: shift)
                defer { parameter.addInPlace(direction, scale: -shift) }
                return try meanLoss(model, batch)
            }
            let slope = try (loss(width) - loss(-width)) / (2 * width)
            let expected = (gradient * direction).sum().scalar
            #expect((slope - expected).magnitude < 1e-7 * max(1, slope.magnitude), "\(parameter.shape)")
        }
    }

    @Test func lossIsOfEveryTokenButTheFirst() throws {
        let model = Transformer.initialized(configs[0], deviation: 0.3, using: RandomSource(seed: 7))
        let batch = try batches(1)[0]
        let loss = try Trainer(model, settings: settings).lossAndGradients(on: batch).loss
        #expect((loss - (try meanLoss(model, batch))).magnitude < 1e-5)
    }

    /// After one step the first moments are a tenth of the gradients that the optimiser was given.
    @Test(arguments: [0.01, 100])
    func gradientsAreClippedByTheirCommonLength(clip: Double) throws {
        let model = Transformer.initialized(configs[0], deviation: 0.3, using: RandomSource(seed: 8))
        var settings = settings
        settings.gradientClip = clip
        let trainer = Trainer(model, settings: settings)
        let batch = try batches(1)[0]
        let plain = try trainer.lossAndGradients(on: batch).gradients
        let length = plain.flatMap { $0.doubles }.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let step = try trainer.step(0, on: batch)
        #expect((step.gradientNorm / length - 1).magnitude < 1e-5)
        #expect(length > 0.1 && length < 10)
        let factor = min(1, clip / length) * 0.1
        for (moment, gradient) in zip(trainer.optimizer.firstMoments, plain) {
            let expected = gradient * factor
            #expect((moment - expected).abs().max().scalar < 1e-5 * max(expected.abs().max().scalar, 1e-6))
        }
    }

    @Test(arguments: [
        (Double.nan, TrainingError.Quantity.loss), (.infinity, .loss), (1e30, .gradients),
    ])
    func whatIsNoNumberStopsTheRunBeforeItDoesHarm(weight: Double, quantity: TrainingError.Quantity) throws {
        let model = Transformer.initialized(configs[1], deviation: 0.3, using: RandomSource(seed: 9))
        let trainer = Trainer(model, settings: settings)
        _ = try trainer.step(0, on: batches(1)[0])
        withoutGradients { model.parameters[0][4].fill(weight) }
        func state() -> [[Double]] {
            (trainer.optimizer.parameters + trainer.optimizer.firstMoments).map { $0.detached().doubles }
        }
        let before = state()
        let error = #expect(throws: TrainingError.self) { try trainer.step(7, on: batches(1)[0]) }
        #expect(error == .notFinite(quantity, step: 7, learningRate: 0.008))
        #expect("\(state())" == "\(before)" && trainer.optimizer.stepCount == 1)
    }

    @Test func theErrorSaysWhatToDo() {
        #expect(
            TrainingError.notFinite(.loss, step: 120, learningRate: 0.5).description == """
                at step 120, with a learning rate of 0.5, the loss is no finite number any more: training has diverged. The \
                weights are those from before this step. Lower the learning rate, warm up for more steps, or clip gradients \
                to a smaller norm.
                """
        )
        #expect(
            TrainingError.notFinite(.gradients, step: 0, learningRate: 1e-3).description.hasPrefix(
                "at step 0, with a learning rate of 0.001, the gradients are no finite number any more"
            )
        )
    }

    @Test func finishedWeightsRecordNothing() throws {
        let model = try train(configs[0], steps: 1).model
        #expect(model.parameters.allSatisfy { !$0.requiresGradient })
    }
}

/// The mean of -log softmax(logits)[next token], by plain loops.
private func meanLoss(_ model: Transformer, _ sequences: [[Int]]) throws -> Double {
    let logits = try model.run(Tokens(sequences)).logits
    let (length, vocabulary) = (logits.size(1), logits.size(2))
    let values = logits.doubles
    var total = 0.0
    for (row, sequence) in sequences.enumerated() {
        for t in 0..<length - 1 {
            let start = (row * length + t) * vocabulary
            let cell = values[start..<start + vocabulary]
            let top = cell.max() ?? 0
            total += top + log(cell.reduce(0) { $0 + exp($1 - top) }) - values[start + sequence[t + 1]]
        }
    }
    return total / Double(sequences.count * (length - 1))
}

/// The same model in float64; a tied unembedding stays tied.
private func doubled(_ model: Transformer) -> Transformer {
    func double(_ linear: Linear) -> Linear {
        Linear(weight: linear.weight.to(.float64), bias: linear.bias?.to(.float64))
    }
    func double(_ norm: NormWeights) -> NormWeights {
        NormWeights(weight: norm.weight?.to(.float64), bias: norm.bias?.to(.float64))
    }
    let weights = model.weights
    let embedding = weights.embedding.to(.float64)
    var unembedding = double(weights.unembedding)
    if model.config.tiesUnembedding { unembedding.weight = embedding }
    return Transformer(
        config: model.config,
        weights: TransformerWeights(
            embedding: embedding,
            positions: weights.positions?.to(.float64),
            blocks: weights.blocks.resident.map { block in
                BlockWeights(
                    norm1: double(block.norm1),
                    attention: AttentionWeights(
                        qkv: double(block.attention.qkv),
                        output: double(block.attention.output),
                        smear: block.attention.smear?.to(.float64)
                    ),
                    norm2: double(block.norm2),
                    mlp: block.mlp.map { MLPWeights(up: double($0.up), down: double($0.down)) }
                )
            },
            finalNorm: double(weights.finalNorm),
            unembedding: unembedding
        )
    )
}
