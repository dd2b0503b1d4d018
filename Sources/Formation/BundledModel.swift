// The two models that come with the program: how they were made, to the last bit.
import Induction
import Torch
public import Transformers

/// A small model that is trained on `repeat` sequences and committed with the sources.
public enum BundledModel: String, CaseIterable, Sendable {
    /// Attention-only, two layers of four heads.
    case induct2l = "induct-2l"
    /// With MLPs, four layers of six heads.
    case induct4l = "induct-4l"

    /// Every token of the bundled vocabulary, in the order of ids; BOS is 0.
    public static let vocabulary: [String] =
        ["<bos>"] + [Alphabet.letters, .numbers, .names, .words].flatMap(\.members)

    /// Shape.
    public var config: TransformerConfig {
        switch self {
        case .induct2l: Self.config(layers: 2, heads: 4, dHead: 16, dMLP: 0)
        case .induct4l: Self.config(layers: 4, heads: 6, dHead: 12, dMLP: 144)
        }
    }

    private static func config(layers: Int, heads: Int, dHead: Int, dMLP: Int) -> TransformerConfig {
        TransformerConfig(
            family: "induct",
            layers: layers,
            heads: heads,
            dModel: heads * dHead,
            dHead: dHead,
            dMLP: dMLP,
            vocabularySize: vocabulary.count,
            context: 256,
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned,
            bosTokenID: 0
        )
    }

    private var settings: TrainingSettings {
        switch self {
        case .induct2l: TrainingSettings(steps: 2500, batchSize: 16, learningRate: 3e-3, warmUpSteps: 100)
        case .induct4l: TrainingSettings(steps: 2000, batchSize: 16, learningRate: 2e-3, warmUpSteps: 100)
        }
    }

    /// Trains the model from its fixed seed: the same kind of processor, libtorch and thread count give the same bits.
    ///
    /// - Parameter report: called at each step with its number and loss.
    public func train(report: (_ step: Int, _ loss: Double) -> Void) throws -> Transformer {
        let model = Transformer.initialized(config, deviation: 0.05, using: RandomSource(seed: 1))
        let task = RepeatTask(
            symbols: Array(1..<Self.vocabulary.count),
            bosTokenID: 0,
            length: config.context,
            lags: 5...60
        )
        let trainer = Trainer(model, settings: settings)
        var generator = SeededGenerator(seed: 2)
        for step in 0..<settings.steps {
            let batch = task.batch(settings.batchSize, using: &generator)
            report(step, try trainer.step(step, on: batch))
        }
        trainer.finish()
        return model
    }
}
