// Models, prompts and metrics that path patching and attribution patching are tried on.
import Foundation
import Torch
import Transformers

@testable import Induction

/// A family's recorded model, from the tests of `Transformers`.
func recordedModel(_ family: String, dtype: DType = .float32) throws -> Transformer {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Transformer(
        directory: tests.appending(path: "TransformersTests/Fixtures/\(family)"),
        dtype: dtype
    )
}

/// Two runs and what is read of them.
struct PatchingPrompts {
    var clean: [[Int]]
    var corrupted: [[Int]]
    var cells: [OutputCell]
    var answers: [Int]
    var foils: [Int]

    func tokens() throws -> (clean: Tokens, corrupted: Tokens) { (try Tokens(clean), try Tokens(corrupted)) }

    /// Logit of the answer minus logit of the foil: [row].
    func difference(_ logits: Tensor, _ cells: [Int]) -> Tensor {
        pick(logits, cells.map { answers[$0] }) - pick(logits, cells.map { foils[$0] })
    }

    /// The same beside the answer's loss: [row, 2].
    func differenceAndLoss(_ logits: Tensor, _ cells: [Int]) -> Tensor {
        .stack([difference(logits, cells), loss(logits, cells)], axis: 1)
    }

    /// Cross-entropy of the answer: [row].
    func loss(_ logits: Tensor, _ cells: [Int]) -> Tensor {
        logits.crossEntropy(Tensor(cells.map { answers[$0] }))
    }

    /// The mean over each prompt's cells.
    func perPrompt(_ values: [Double]) -> [Double] {
        clean.indices.map { prompt in
            let own = cells.indices.filter { cells[$0].prompt == prompt }
            return own.reduce(0) { $0 + values[$1] } / Double(own.count)
        }
    }

    private func pick(_ logits: Tensor, _ ids: [Int]) -> Tensor {
        logits.gather(1, Tensor(ids).unsqueeze(1)).squeeze(1)
    }

    /// Random prompts of unequal lengths, of which some tokens differ; the last position is read and, of the first
    /// prompt, one more.
    static func random(vocabulary: Int, seed: UInt64) -> PatchingPrompts {
        var generator = SeededGenerator(seed: seed)
        let clean = [9, 7, 11].map { length in (0..<length).map { _ in generator.integer(in: 0..<vocabulary) }
        }
        let corrupted = clean.map { row in
            row.enumerated().map { place, id in place % 3 == 1 ? (id + 1) % vocabulary : id }
        }
        let cells = clean.indices.map { OutputCell(prompt: $0, position: clean[$0].count - 1) }
        return PatchingPrompts(
            clean: clean,
            corrupted: corrupted,
            cells: cells + [OutputCell(prompt: 0, position: 5)],
            answers: [3, 1, 4, 6],
            foils: [2, 7, 18, 8]
        )
    }

    /// BOS, filler, A, B, filler, A: B is to be predicted. Corrupted: another first A. The foil is in neither.
    static func first(_ planted: PlantedModel, count: Int = 6, seed: UInt64 = 1) -> PatchingPrompts {
        var generator = SeededGenerator(seed: seed)
        var prompts = PatchingPrompts(clean: [], corrupted: [], cells: [], answers: [], foils: [])
        for prompt in 0..<count {
            let ids = generator.sample(15, of: Array(0..<planted.bosTokenID))
            let (a, b, other, foil) = (ids[0], ids[1], ids[2], ids[3])
            let (before, after) = (ids[4..<6 + prompt], ids[6 + prompt..<14])
            func row(_ first: Int) -> [Int] { [planted.bosTokenID] + before + [first, b] + after + [a] }
            prompts.clean.append(row(a))
            prompts.corrupted.append(row(other))
            prompts.cells.append(OutputCell(prompt: prompt, position: row(a).count - 1))
            prompts.answers.append(b)
            prompts.foils.append(foil)
        }
        return prompts
    }
}

/// Largest difference over largest magnitude.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let scale = b.reduce(0) { max($0, $1.magnitude) }
    return zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / (scale == 0 ? 1 : scale)
}
