// The two models of words that come with the program: how they were made. The committed weights are from an earlier order of
// summing: training again gives models as good, not the same bits. The third, `shakespeare-char`, is a training preset.
import Induction
import Torch
public import Transformers

/// A small model that is trained on sequences with repeated blocks and committed with the sources.
public enum BundledModel: String, CaseIterable, Sendable {
    /// Attention-only, two layers of four heads.
    case induct2l = "induct-2l"
    /// With MLPs, four layers of six heads.
    case induct4l = "induct-4l"

    /// The token with id 0, which begins every sequence.
    public static let bosToken = "<bos>"

    /// The other tokens of the bundled vocabulary, in the order of ids: all that the prompt generators write with.
    public static let words = [Alphabet.letters, .numbers, .names, .words].flatMap(\.members)

    /// Shape.
    public var config: TransformerConfig {
        switch self {
        case .induct2l: Self.config(layers: 2, heads: 4, dHead: 16, dMLP: 0)
        case .induct4l: Self.config(layers: 4, heads: 6, dHead: 16, dMLP: 192)
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
            vocabularySize: words.count + 1,
            context: 256,
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned,
            bosTokenID: 0
        )
    }

    private var settings: TrainingSettings {
        switch self {
        case .induct2l: TrainingSettings(steps: 1600, learningRate: 1e-2, warmUpSteps: 100)
        case .induct4l: TrainingSettings(steps: 1800, learningRate: 4e-3, warmUpSteps: 100)
        }
    }

    private var seed: UInt64 {
        switch self {
        case .induct2l: 1
        case .induct4l: 3
        }
    }

    /// Short sequences first, where the circuit forms soon, then the whole context, so that every position is used.
    func batch(at step: Int, using generator: inout SeededGenerator) throws -> [[Int]] {
        let isShort = step < settings.steps / 2
        let task = TrainingTask(
            .repeat(RepeatTask(minPatternLength: 5, maxPatternLength: isShort ? 31 : 100)),
            length: isShort ? 64 : config.context
        )
        let vocabulary = PromptVocabulary(size: config.vocabularySize, bosTokenID: config.bosTokenID)
        return try TaskSampler(task, vocabulary: vocabulary)
            .batch(isShort ? 32 : 8, using: &generator).sequences
    }

    /// MLPs, and attention from the third layer on, write nothing at first: with everything at work from the start,
    /// four layers take the slow way of guessing from the set of tokens seen.
    private func silenceUpperHalf(of model: Transformer) {
        for (layer, block) in model.weights.blocks.resident.enumerated() {
            block.mlp?.down.weight.fill(0)
            if layer >= 2 { block.attention.output.weight.fill(0) }
        }
    }

    /// Trains the model from its fixed seed: this code on the same kind of processor, libtorch and thread count gives the
    /// same bits.
    ///
    /// - Parameter report: called at each step with its number and loss, in nats a token.
    public func train(report: (_ step: Int, _ loss: Double) -> Void) throws -> Transformer {
        let model = Transformer.initialized(config, deviation: 0.1, using: RandomSource(seed: seed))
        silenceUpperHalf(of: model)
        let trainer = Trainer(model, settings: settings)
        var generator = SeededGenerator(seed: 2)
        for step in 0..<settings.steps {
            report(step, try trainer.step(step, on: batch(at: step, using: &generator)).loss)
        }
        trainer.finish()
        return model
    }
}
