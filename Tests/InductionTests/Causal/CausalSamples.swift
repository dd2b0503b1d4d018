// Prompts with answers for causal experiments, and metrics by loops over logits.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

/// Ragged prompts over few ids, one or two targets each; the corrupted ones differ from some position on.
func raggedPrompts(lengths: [Int] = [9, 6, 9, 12, 6, 12, 12], hasFoils: Bool = true) throws -> CausalPrompts {
    let random = RandomSource(seed: 71)
    let clean = lengths.map { random.integers(0..<22, [$0]).ints }
    let corrupted = clean.enumerated().map { prompt, row in
        row.enumerated().map { position, id in
            position == 2 + prompt % 3 || position == row.count - 2 ? (id + 5) % 22 : id
        }
    }
    var targets: [PredictionTarget] = []
    for (prompt, length) in lengths.enumerated() {
        for position in prompt % 2 == 0 ? [length - 1] : [length - 3, length - 2] {
            let answer = (prompt * 7 + position) % 22
            let cell = OutputCell(prompt: prompt, position: position)
            targets.append(
                PredictionTarget(cell: cell, answer: answer, foil: hasFoils ? (answer + 3) % 22 : nil)
            )
        }
    }
    return try CausalPrompts(clean: Tokens(clean), corrupted: Tokens(corrupted), targets: targets)
}

/// Learned positions; and rotary ones with keys and values that query heads share.
func causalModels() -> [Transformer] {
    [
        randomModel(seed: 51, dMLP: 19),
        randomModel(
            seed: 52,
            keyValueHeads: 2,
            positions: .rotary(Rotary(dimensions: 4, base: 100, pairing: .halves)),
            dMLP: 13
        ),
    ]
}

/// One prompt's metrics by loops: means over its targets of logits [position, vocab].
func metricsByLoops(
    _ metrics: [OutputMetric],
    _ prompts: CausalPrompts,
    _ prompt: Int,
    _ logits: Tensor,
    clean: Tensor
) -> [Double] {
    let own = prompts.targets.filter { $0.cell.prompt == prompt }
    func logProbabilities(_ row: [Double]) -> [Double] {
        let normalizer = log(row.reduce(0) { $0 + exp($1) })
        return row.map { $0 - normalizer }
    }
    return metrics.map { metric in
        own.reduce(0) { sum, target in
            let row = logits[target.cell.position].doubles
            let base = clean[target.cell.position].doubles
            let others = base.indices.filter { $0 != target.answer }
            let foil = target.foil ?? others.max { base[$0] < base[$1] } ?? -1
            let (p, q) = (logProbabilities(base), logProbabilities(row))
            switch metric {
            case .logitDiff: return sum + row[target.answer] - row[foil]
            case .loss: return sum - q[target.answer]
            case .prob: return sum + exp(q[target.answer])
            case .kl: return sum + p.indices.reduce(0) { $0 + exp(p[$1]) * (p[$1] - q[$1]) }
            }
        } / Double(own.count)
    }
}

/// [BOS, A, B, noise, A] with target B for a planted model of 48 ids, and what stands in the place of A or B in the
/// corrupted prompt.
func bigramPrompts(corruptingSecond: Bool, count: Int = 24, length: Int = 14) throws -> CausalPrompts {
    var generator = SeededGenerator(seed: 5)
    var (clean, corrupted, targets) = ([[Int]](), [[Int]](), [PredictionTarget]())
    for prompt in 0..<count {
        let ids = generator.sample(length, of: Array(0..<47))
        let (a, b, other) = (ids[0], ids[1], ids[2])
        let noise = Array(ids[3...])
        clean.append([47, a, b] + noise + [a])
        corrupted.append((corruptingSecond ? [47, a, other] : [47, other, b]) + noise + [a])
        targets.append(
            PredictionTarget(
                cell: OutputCell(prompt: prompt, position: noise.count + 3),
                answer: b,
                foil: corruptingSecond ? other : nil
            )
        )
    }
    return try CausalPrompts(clean: Tokens(clean), corrupted: Tokens(corrupted), targets: targets)
}

/// The planted circuit: a previous-token head and an induction head among idle ones.
let circuitHeads = (previous: Head(layer: 0, index: 1), induction: Head(layer: 2, index: 3))

/// A model of just that circuit.
func circuitModel() -> Transformer {
    PlantedModel(
        layers: 3,
        heads: 4,
        planted: [circuitHeads.previous: .previousToken, circuitHeads.induction: .induction]
    ).makeModel()
}

extension [[Double]] {
    /// The mean over prompts of one metric.
    func mean(_ metric: Int) -> Double { reduce(0) { $0 + $1[metric] } / Double(count) }
}
