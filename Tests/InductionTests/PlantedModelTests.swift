// Planted circuits: every score is high at exactly the heads that were built for it.
import Induction
import Testing
import Transformers

/// A model with one head of each kind, at places that are nowhere on a diagonal.
let planted = PlantedModel(
    layers: 3,
    heads: 4,
    planted: [
        Head(layer: 0, index: 2): .previousToken,
        Head(layer: 1, index: 3): .duplicateToken,
        Head(layer: 1, index: 0): .sink,
        Head(layer: 2, index: 1): .induction,
        Head(layer: 2, index: 3): .antiCopy,
    ]
)

func repeatTokens(_ model: PlantedModel, count: Int = 20, seed: UInt64 = 1) throws -> Tokens {
    let vocabulary = PromptVocabulary(ordinaryIDs: Array(0..<model.bosTokenID), bosTokenID: model.bosTokenID)
    return try Tokens(PromptRecipe(count: count, seed: seed).prompts(for: vocabulary))
}

@Suite struct PlantedModelTests {
    @Test(arguments: [
        (HeadScore.previous, [PlantedHead.previousToken]), (.duplicate, [.duplicateToken]),
        (.induction, [.induction, .antiCopy]), (.first, [.sink]),
    ])
    func scoresAreHighAtExactlyThePlantedHeads(score: HeadScore, kinds: [PlantedHead]) throws {
        let scores = try scoreHeads(
            of: planted.makeModel(),
            on: repeatTokens(planted),
            excluding: [planted.bosTokenID]
        )
        for scored in scores.heads {
            let mean = try #require(scored.scores[score]?.mean)
            if let kind = planted.planted[scored.head], kinds.contains(kind) {
                #expect(mean > 0.95, "\(scored.head) is \(kind): \(score) \(mean)")
            } else {
                #expect(mean < 0.05, "\(scored.head): \(score) \(mean)")
            }
        }
    }
}
