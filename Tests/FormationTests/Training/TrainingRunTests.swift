// Whole runs: the same bits with and without a stop, what an evaluation holds, what ends a run.
import Foundation
import Induction
import TestSupport
import Testing
import Torch
import Transformers

@testable import Formation

@Suite struct TrainingRunTests {
    @Test func aResumedRunMakesTheSameBits() throws {
        let directory = try TestDirectory()
        let config = smallRun()
        let whole = try outcome(of: TrainingRun(config), in: directory.url)
        #expect(whole.evaluations.map(\.step) == [0, 2, 4, 6, 8, 10, 12])
        let checkpoints = TrainingCheckpoint.all(in: directory.url)
        #expect(checkpoints.map(\.step) == [5, 10, 12])
        for checkpoint in checkpoints {
            let again = try TestDirectory()
            let resumed = try TrainingRun(config, from: checkpoint)
            #expect(resumed.step == checkpoint.step)
            let kept = whole.evaluations.filter { $0.step < checkpoint.step }
            let found = try outcome(of: resumed, in: again.url, from: kept)
            #expect(found.weights == whole.weights)
            #expect(found.evaluations == whole.evaluations)
        }
    }

    /// A stop at any step, evaluated or not, is a checkpoint that goes on.
    @Test(arguments: 0..<12) func aStopAtAnyStepGoesOn(step: Int) throws {
        let directory = try TestDirectory()
        let config = smallRun { $0.curvatureInterval = 0 }
        let whole = try outcome(of: TrainingRun(config), in: directory.url)
        let run = try TrainingRun(config)
        var evaluations: [Evaluation] = []
        let isDone = try run.run(shouldStop: { run.step == step }) {
            if case .evaluated(let evaluation) = $0 { evaluations.append(evaluation) }
        }
        #expect(!isDone && run.step == step)
        let stopped = try TestDirectory()
        try run.checkpoint(in: stopped.url)
        let resumed = try TrainingRun(config, from: TrainingCheckpoint(step: step, in: stopped.url))
        let found = try outcome(of: resumed, in: stopped.url, from: evaluations.filter { $0.step < step })
        #expect(found.weights == whole.weights && found.evaluations == whole.evaluations)
    }

    /// Every step is one of the trainer's own, evaluated or not.
    @Test func everyStepIsMade() throws {
        let config = smallRun { ($0.dropout, $0.curvatureInterval) = (0, 0) }
        let run = try TrainingRun(config)
        try run.run { _ in }
        let model = try TrainingRun(config).model
        let trainer = Trainer(model, settings: config.training)
        let sampler = try TaskSampler(config.task, vocabulary: config.promptVocabulary, poolSeed: config.seed)
        var generator = SeededGenerator(seed: config.seed)
        for step in 0..<config.training.steps {
            try trainer.step(step, on: sampler.batch(config.batchSize, using: &generator).sequences)
        }
        #expect(
            run.model.parameters.map { $0.detached().floats } == model.parameters.map { $0.detached().floats }
        )
    }

    @Test func anEvaluationHoldsWhatIsTracked() throws {
        let directory = try TestDirectory()
        let evaluations = try outcome(of: TrainingRun(smallRun()), in: directory.url).evaluations
        for evaluation in evaluations {
            #expect(evaluation.heads.map { "\($0.layer).\($0.head)" } == ["0.0", "0.1", "1.0", "1.1"])
            for head in evaluation.heads {
                #expect(
                    [head.induction, head.duplicate, head.previous, head.first].allSatisfy {
                        $0.map { (0...1).contains($0) } ?? false
                    }
                )
                #expect(
                    [head.copying, head.matching].allSatisfy { $0.map { (-1...1).contains($0) } ?? false }
                )
            }
            #expect(
                evaluation.accuracy.pattern != nil && evaluation.accuracy.random != nil
                    && evaluation.icl != nil
            )
            #expect((evaluation.training == nil) == (evaluation.step == 12))
            let spectrum = evaluation.curvature
            #expect((spectrum != nil) == evaluation.step.isMultiple(of: 4))
            if let spectrum {
                #expect(spectrum.top.count == 2 && spectrum.bottom.count == 2)
                #expect(spectrum.trace != nil && spectrum.density != nil)
                #expect((spectrum.overlap != nil) == (evaluation.step > 0))
            }
        }
    }

    /// The means over a batch, against sums over single predictions.
    @Test func lossAndAccuracyAreMeansOverPredictions() throws {
        let config = smallRun()
        let run = try TrainingRun(config)
        var first: Evaluation?
        _ = try run.run(shouldStop: { run.step == 1 }) {
            if case .evaluated(let found) = $0 { first = found }
        }
        let model = try TrainingRun(config).model
        let sampler = try TaskSampler(config.task, vocabulary: config.promptVocabulary, poolSeed: config.seed)
        let batch = sampler.heldOut(config.evaluationCount, seed: config.seed)
        var (losses, right, patternRight, patterns) = (0.0, 0, 0, 0)
        for (sequence, kinds) in zip(batch.sequences, batch.kinds) {
            let logits = try model.run(Tokens([sequence])).logits[0]
            for position in 0..<sequence.count - 1 {
                let row = logits[position].to(.float64).doubles
                let target = sequence[position + 1]
                let most = row.max() ?? 0
                let sum = row.map { exp($0 - most) }.reduce(0, +)
                losses += log(sum) + most - row[target]
                let isRight = row.firstIndex(of: most) == target
                right += isRight ? 1 : 0
                guard kinds[position] == .pattern else { continue }
                patterns += 1
                patternRight += isRight ? 1 : 0
            }
        }
        let count = Double(batch.sequences.count * (config.task.length - 1))
        let evaluation = try #require(first)
        #expect(abs(evaluation.loss - losses / count) < 1e-5)
        #expect(abs(evaluation.accuracy.all - Double(right) / count) < 1e-12)
        #expect(abs((evaluation.accuracy.pattern ?? -1) - Double(patternRight) / Double(patterns)) < 1e-12)
    }

    @Test func aRunThatDivergesKeepsTheLastGoodWeights() throws {
        let run = try TrainingRun(smallRun { $0.training.learningRate = 1e30 })
        var weights: [[Float]] = []
        #expect(throws: TrainingError.self) {
            try run.run { event in
                if case .stepped = event { weights = run.model.parameters.map { $0.detached().floats } }
            }
        }
        #expect(run.model.parameters.map { $0.detached().floats } == weights)
    }

    @Test func anotherNumberOfThreadsIsRefused() {
        #expect(
            "\(TrainingConfigError.otherThreads(saved: 2, now: 1))" == """
                the run was computed with 2 threads, now there are 1, which gives other last digits; set OMP_NUM_THREADS=2 to \
                go on with it.
                """
        )
    }

    @Test func settingsThatNoRunCanHave() {
        func message(_ change: (inout TrainingConfig) -> Void) -> String {
            do {
                _ = try TrainingRun(smallRun(change))
                return ""
            } catch { return "\(error)" }
        }
        #expect(message { $0.batchSize = 0 } == "--batch-size is 0; give 1 or more.")
        #expect(message { $0.dropout = 1 } == "--dropout is 1.0; give a share from 0 to less than 1.")
        #expect(message { $0.training.learningRate = .nan } == "--lr is nan; give a positive number.")
        #expect(
            message { $0.curvatureInterval = 3 } == """
                --eigen-interval is 3 and --log-interval 2; curvature is measured at evaluations, so give a multiple, or 0 for \
                none.
                """
        )
        #expect(
            message { $0.model.dModel = 15 }
                == "--d-model 15 cannot be shared by --n-heads 2 evenly; give a multiple of the heads."
        )
        #expect(
            message { $0.model = ModelShape(heads: 2, dModel: 6, positions: .rotary) }
                == "rotary positions turn pairs of dimensions, and heads are 3 wide; give an even width a head."
        )
    }

    @Test func dropoutKeepsTheMeanAndIsOffInEvaluations() throws {
        let random = RandomSource(seed: 1)
        let config = try smallRun().transformerConfig()
        #expect(Dropout(share: 0, random: random).edits(of: config).isEmpty)
        let edits = Dropout(share: 0.25, random: random).edits(of: config)
        #expect(edits.count == 4)
        let model = try TrainingRun(smallRun { $0.dropout = 0 }).model
        let tokens = try Tokens([[0, 1, 2, 3, 4, 5, 6, 7]])
        let plain = try model.run(tokens, recording: [.residPre.layer(0)])[.residPre, layer: 0]
        let dropped = try model.run(tokens, applying: edits, recording: [.residPre.layer(0)])[
            .residPre,
            layer: 0
        ]
        let ratio = (dropped / plain).reshape(-1).floats
        #expect(Set(ratio.map { ($0 * 3000).rounded() / 3000 }).isSubset(of: [0, Float(4000.0 / 3000)]))
        #expect((0.55...0.95).contains(Double(ratio.filter { $0 > 0 }.count) / Double(ratio.count)))
    }
}
