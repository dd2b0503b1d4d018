// Measures a model on batches that stay the same for a whole run.
import Induction
import Torch
import Transformers

struct Evaluator {
    private let batch: TaskBatch
    private let inputs: Tokens
    private let prompts: Tokens
    private let special: Set<Int>
    private let isText: Bool
    private let training: TrainingSettings

    /// - Throws: `TaskError` where the prompts for heads do not fit the model.
    init(_ config: TrainingConfig, _ sampler: TaskSampler) throws {
        batch = sampler.heldOut(config.evaluationCount, seed: config.seed)
        inputs = try Tokens(batch.sequences.map { Array($0.dropLast()) })
        let vocabulary = config.promptVocabulary
        let recipe = try PromptRecipe.heldOutRepeat(
            count: config.evaluationCount,
            in: vocabulary,
            context: config.task.length,
            seed: config.seed
        )
        prompts = try Tokens(recipe.prompts(for: vocabulary))
        special = Set([vocabulary.bosTokenID].compactMap(\.self))
        isText = config.task.kind == .text
        training = config.training
    }

    /// Everything but curvature and the training step.
    ///
    /// - Throws: `TrainingError` where the loss is no finite number.
    func evaluation(of model: Transformer, at step: Int) throws -> Evaluation {
        var losses: [[Double]] = []
        var areRight: [[Bool]] = []
        for (start, piece) in zip(stride(from: 0, to: inputs.count, by: 32), inputs.batches(of: 32)) {
            let targets = batch.sequences[start..<start + piece.count].map { Array($0.dropFirst()) }
            let logits = try model.run(piece).logits
            let wanted = Tensor(targets.flatMap { $0 }, [piece.count, piece.length], device: model.device)
            let loss = logits.crossEntropy(wanted)
            let found = logits.argmax(-1)
            for row in targets.indices {
                losses.append(loss[row].to(.float64).doubles)
                areRight.append(zip(found[row].ints, targets[row]).map { $0 == $1 })
            }
        }
        let loss = losses.joined().mean ?? 0
        guard loss.isFinite else {
            throw TrainingError.notFinite(.loss, step: step, learningRate: training.learningRate(at: step))
        }
        return Evaluation(
            step: step,
            loss: loss,
            accuracy: Evaluation.Accuracy(
                pattern: share(areRight, .pattern),
                random: share(areRight, .random),
                all: areRight.joined().map { $0 ? 1 : 0 }.mean ?? 0
            ),
            icl: icl(losses),
            training: nil,
            heads: try heads(of: model),
            curvature: nil
        )
    }

    private func values<Value>(_ all: [[Value]], _ kind: PredictionKind) -> [Value] {
        zip(all, batch.kinds).flatMap { row, kinds in zip(row, kinds).filter { $1 == kind }.map(\.0) }
    }

    private func share(_ areRight: [[Bool]], _ kind: PredictionKind) -> Double? {
        values(areRight, kind).map { $0 ? 1.0 : 0 }.mean
    }

    private func icl(_ losses: [[Double]]) -> Double? {
        if isText {
            let length = inputs.length
            let scale = min(length, 512)
            let (early, late) = (scale * 50 / 512, scale * 500 / 512)
            guard early < late else { return nil }
            return zip(losses.map { $0[late] }, losses.map { $0[early] }).map { $0 - $1 }.mean
        }
        guard let second = values(losses, .pattern).mean, let first = values(losses, .random).mean else {
            return nil
        }
        return second - first
    }

    private func heads(of model: Transformer) throws -> [HeadEvaluation] {
        // Means without intervals: these are for every evaluation.
        let plan = PatternPlan(prompts, excluding: special, rule: .nearest)
        let patterns = try collectPatterns(of: model, reading: plan, batchSize: 32) { _ in }
        let means = patterns.scores.mapValues(\.means)
        let circuits = try model.headCircuits(offsets: [0])
        return patterns.heads.enumerated().map { index, head in
            func mean(_ score: HeadScore) -> Double? { means[score]??[index] }
            return HeadEvaluation(
                layer: head.layer,
                head: head.index,
                induction: mean(.induction),
                duplicate: mean(.duplicate),
                previous: mean(.previous),
                first: mean(.first),
                copying: circuits[index].ov.score,
                matching: circuits[index].qk.first?.circuit.score
            )
        }
    }
}

extension Sequence<Double> {
    /// The mean; nil of nothing.
    fileprivate var mean: Double? {
        let (sum, count) = reduce((0.0, 0)) { ($0.0 + $1, $0.1 + 1) }
        return count == 0 ? nil : sum / Double(count)
    }
}
