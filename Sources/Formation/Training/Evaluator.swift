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
    }

    /// Everything but curvature and the training step.
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
        return Evaluation(
            step: step,
            loss: losses.joined().mean ?? 0,
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
            let (early, late) = (length * 50 / 512, length * 500 / 512)
            guard early < late else { return nil }
            return zip(losses.map { $0[late] }, losses.map { $0[early] }).map { $0 - $1 }.mean
        }
        guard let second = values(losses, .pattern).mean, let first = values(losses, .random).mean else {
            return nil
        }
        return second - first
    }

    private func heads(of model: Transformer) throws -> [HeadEvaluation] {
        let scores = try scoreHeads(of: model, on: prompts, excluding: special, batchSize: 32)
        let circuits = try model.headCircuits(offsets: [0])
        return zip(scores.heads, circuits).map { scored, circuit in
            HeadEvaluation(
                layer: scored.head.layer,
                head: scored.head.index,
                induction: scored.scores[.induction]?.mean,
                duplicate: scored.scores[.duplicate]?.mean,
                previous: scored.scores[.previous]?.mean,
                first: scored.scores[.first]?.mean,
                copying: circuit.ov.score,
                matching: circuit.qk.first?.circuit.score
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
