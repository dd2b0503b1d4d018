// The prompts that heads are scored on while they form: which fit which model.
import Induction
import Testing
import Torch
import Transformers

@testable import Formation

@Suite struct HeldOutRepeatTests {
    /// Lags of prompts, checked to be filler, block, block of distinct tokens.
    private func lags(_ recipe: PromptRecipe, _ vocabulary: PromptVocabulary) throws -> Set<Int> {
        var lags = Set<Int>()
        for prompt in try recipe.prompts(for: vocabulary) {
            let body = Array(prompt.dropFirst(vocabulary.bosTokenID == nil ? 0 : 1))
            let lag = body.count - Set(body).count
            lags.insert(lag)
            #expect(body.suffix(lag) == body.dropLast(lag).suffix(lag))
            #expect(body.allSatisfy(vocabulary.ordinaryIDs.contains))
        }
        return lags
    }

    @Test func areThoseOfTheDefinitionWhereTheyFit() throws {
        let vocabulary = PromptVocabulary(size: 50, bosTokenID: 0)
        let recipe = try PromptRecipe.heldOutRepeat(count: 400, in: vocabulary, context: 256, seed: 3)
        #expect(recipe == PromptRecipe(kind: .repeat, count: 400, length: 50, seed: 3))
        #expect(try lags(recipe, vocabulary) == Set(15...25))
        #expect(try recipe.prompts(for: vocabulary).allSatisfy { $0.count == 51 && $0[0] == 0 })
    }

    @Test(arguments: [
        // vocabulary, has a beginning, context, length without it, lags
        (36, true, 51, 50, 15...25),
        (35, true, 51, 49, 15...24),
        (50, true, 50, 49, 15...24),
        (8, true, 16, 11, 4...5),
        (8, false, 16, 12, 4...6),
        (9, true, 12, 11, 4...5),
        (5, true, 7, 6, 2...3),
        (5, true, 8, 6, 2...3),
        (4, false, 6, 6, 2...3),
    ])
    func smallModelsGetTheLongestPromptsThatFit(
        size: Int,
        hasBOS: Bool,
        context: Int,
        length: Int,
        expected: ClosedRange<Int>
    ) throws {
        let vocabulary = PromptVocabulary(size: size, bosTokenID: hasBOS ? size / 2 : nil)
        let recipe = try PromptRecipe.heldOutRepeat(count: 400, in: vocabulary, context: context, seed: 1)
        #expect(recipe.length == length)
        #expect(try lags(recipe, vocabulary) == Set(expected))
    }

    @Test(arguments: [(4, 16), (50, 6), (1, 1)])
    func modelsWithoutRoomAreAnError(size: Int, context: Int) {
        #expect(
            throws: TaskError.promptsDoNotFit(
                symbols: size - 1,
                context: context,
                neededSymbols: 4,
                neededContext: 7
            )
        ) {
            try PromptRecipe.heldOutRepeat(
                in: PromptVocabulary(size: size, bosTokenID: 0),
                context: context,
                seed: 0
            )
        }
    }

    @Test func headsAreScoredOnThem() throws {
        let config = TransformerConfig(
            family: "induct",
            layers: 1,
            heads: 2,
            dModel: 8,
            dHead: 4,
            dMLP: 0,
            vocabularySize: 8,
            context: 16,
            normalization: .layerNorm(epsilon: 1e-5),
            positions: .learned,
            bosTokenID: 0
        )
        let vocabulary = PromptVocabulary(size: 8, bosTokenID: 0)
        let recipe = try PromptRecipe.heldOutRepeat(count: 9, in: vocabulary, context: 16, seed: 2)
        let prompts = try recipe.prompts(for: vocabulary)
        let tokens = try Tokens(prompts)
        try tokens.validate(for: config)
        let model = Transformer.initialized(config, using: RandomSource(seed: 1))
        let scores = try scoreHeads(of: model, on: tokens, excluding: [0])
        // One pair a token of each second block.
        let pairs = prompts.map { $0.count - Set($0).count }.reduce(0, +)
        #expect(scores.heads.allSatisfy { $0.scores[.induction]?.pairs == pairs })
    }
}
