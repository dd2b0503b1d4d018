// Metrics of targets: against loops, foils and references of the clean run, derivatives, and targets that do not fit.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct TargetMetricTests {
    private func target(_ prompt: Int, _ position: Int, _ answer: Int, _ foil: Int? = nil) -> PredictionTarget
    {
        PredictionTarget(cell: OutputCell(prompt: prompt, position: position), answer: answer, foil: foil)
    }

    /// Two prompts, two targets of the first and one of the second.
    private func prompts(_ foil: Int?) throws -> CausalPrompts {
        try CausalPrompts(
            clean: Tokens([[1, 2, 3], [4, 5]]),
            targets: [target(0, 2, 3, foil), target(1, 0, 0, foil), target(0, 1, 1, foil)]
        )
    }

    private let clean = Tensor([0.5, 2, -1, 3, 1, 4, 0, 2.5, 0.5, 5, 1, 0] as [Float], [3, 4])
    private let edited = Tensor([1, -2, 0.5, 0.25, 2, 0.5, 1.5, -1, -3, 0.75, 2.25, 1] as [Float], [3, 4])

    @Test func valuesEqualLoops() throws {
        let metrics: [OutputMetric] = [.kl, .prob, .logitDiff, .loss]
        let metric = try TargetMetric(metrics, of: prompts(nil), on: .cpu) { clean }
        // Each foil is the clean run's first that is not the answer; the third's is its second best.
        #expect(metric.targets.map(\.foil) == [1, 1, 2])
        #expect(metric.cells == [(0, 2), (1, 0), (0, 1)].map { OutputCell(prompt: $0, position: $1) })
        // Rows may come in any order, more than once.
        let order = [2, 0, 1, 0]
        let found = metric(edited.indexSelect(0, Tensor(order)), order)
        #expect(found.shape == [4, 4])
        var expected: [[Double]] = []
        for (row, target) in zip(0..<3, metric.targets) {
            let (base, own) = (clean[row].doubles, edited[row].doubles)
            func logProbability(_ values: [Double], _ id: Int) -> Double {
                values[id] - log(values.reduce(0) { $0 + exp($1) })
            }
            let kl = (0..<4).reduce(0.0) {
                let p = logProbability(base, $1)
                return $0 + exp(p) * (p - logProbability(own, $1))
            }
            let p = logProbability(own, target.answer)
            let foil = try #require(target.foil)
            expected.append([kl, exp(p), own[target.answer] - own[foil], -p])
        }
        #expect(agree(found.doubles, order.flatMap { expected[$0] }, 1e-6))
        let means = [zip(expected[0], expected[2]).map { ($0 + $1) / 2 }, expected[1]]
        for values in [metric.perPrompt(edited), metric.perPrompt(expected)] {
            #expect(values.count == 2 && zip(values, means).allSatisfy { agree($0, $1, 1e-6) })
        }
        #expect(metric.perPrompt(clean).allSatisfy { agree([$0[0]], [0], 1e-6) })
    }

    @Test func givenFoilsNeedNoCleanRun() throws {
        struct Asked: Error {}
        let metric = try TargetMetric([.loss, .logitDiff, .prob], of: prompts(2), on: .cpu) { throw Asked() }
        #expect(metric.targets.map(\.foil) == [2, 2, 2])
        #expect(agree(metric(edited, [0, 1, 2])[0].doubles[1], -0.25))
        let loss = try TargetMetric([.loss], of: prompts(nil), on: .cpu) { throw Asked() }
        #expect(loss.targets.map(\.foil) == [nil, nil, nil])
        #expect(throws: Asked.self) {
            try TargetMetric([.logitDiff], of: prompts(nil), on: .cpu) { throw Asked() }
        }
        #expect(throws: Asked.self) { try TargetMetric([.kl], of: prompts(2), on: .cpu) { throw Asked() } }
    }

    @Test func theCleanRunIsTheModels() throws {
        let model = causalModels()[0]
        let prompts = try raggedPrompts(hasFoils: false)
        let metric = try TargetMetric(OutputMetric.allCases, of: prompts, in: model)
        for (prompt, row) in prompts.clean.rows.enumerated() {
            let logits = try model.run(Tokens([row])).logits[0]
            for target in metric.targets where target.cell.prompt == prompt {
                let values = logits[target.cell.position].doubles
                let best = values.indices.filter { $0 != target.answer }.max { values[$0] < values[$1] }
                #expect(target.foil == best)
            }
        }
    }

    @Test func derivativesAreKnown() throws {
        let metrics: [OutputMetric] = [.logitDiff, .loss, .prob, .kl]
        let metric = try TargetMetric(metrics, of: prompts(2), on: .cpu) { clean }
        for (column, kind) in metrics.enumerated() {
            let input = edited.copy().requiringGradient()
            let gradient = withGradients {
                gradients(of: [metric(input, [0, 1, 2]).select(1, column).sum()], withRespectTo: [input])[0]
            }
            let (p, base) = (edited.softmax(), clean.softmax())
            for (row, target) in metric.targets.enumerated() {
                let (own, reference) = (p[row].doubles, base[row].doubles)
                let expected = (0..<4).map { id -> Double in
                    let isAnswer = id == target.answer ? 1.0 : 0
                    return switch kind {
                    case .logitDiff: isAnswer - (id == target.foil ? 1 : 0)
                    case .loss: own[id] - isAnswer
                    case .prob: own[target.answer] * (isAnswer - own[id])
                    case .kl: own[id] - reference[id]
                    }
                }
                #expect(agree(gradient[row].doubles, expected, 1e-6), "\(kind)")
            }
        }
    }

    @Test func targetsThatDoNotFitAreErrors() throws {
        let model = causalModels()[0]
        func metric(_ targets: [PredictionTarget], _ metrics: [OutputMetric] = [.loss]) throws {
            let prompts = try CausalPrompts(clean: Tokens([[1, 2, 3], [4, 5]]), targets: targets)
            _ = try TargetMetric(metrics, of: prompts, in: model)
        }
        #expect(throws: EffectError.noTarget(prompt: 1)) { try metric([target(0, 1, 3)]) }
        #expect(throws: EffectError.noTarget(prompt: 0)) { try metric([]) }
        #expect(throws: EffectError.noSuchPrompt(target: 1, prompt: 2, count: 2)) {
            try metric([target(0, 1, 3), target(2, 0, 3)])
        }
        #expect(throws: EffectError.noSuchPosition(prompt: 1, position: 2, length: 2)) {
            try metric([target(0, 1, 3), target(1, 2, 3)])
        }
        #expect(throws: EffectError.outsideVocabulary(.answer, prompt: 0, id: 23, size: 23)) {
            try metric([target(0, 1, 23), target(1, 1, 3)])
        }
        #expect(throws: EffectError.outsideVocabulary(.foil, prompt: 1, id: -1, size: 23)) {
            try metric([target(0, 1, 2), target(1, 1, 3, -1)])
        }
        let same = [target(0, 1, 2, 5), target(1, 1, 3, 3)]
        try metric(same)
        #expect(throws: EffectError.foilIsAnswer(prompt: 1, id: 3)) { try metric(same, [.loss, .logitDiff]) }
    }
}
