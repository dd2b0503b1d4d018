// Planted circuits: every score is high at exactly the heads that were built for it, and copying really copies.
import Foundation
import Induction
import Testing
import Torch
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

/// Other places: several heads of a kind, kinds side by side, none of a kind, as narrow as can be.
private let layouts = [
    planted,
    PlantedModel(
        layers: 2,
        heads: 3,
        vocabularySize: 61,
        context: 55,
        planted: [
            Head(layer: 0, index: 0): .duplicateToken, Head(layer: 0, index: 1): .previousToken,
            Head(layer: 1, index: 0): .duplicateToken, Head(layer: 1, index: 2): .induction,
        ]
    ),
    PlantedModel(
        layers: 4,
        heads: 2,
        planted: [
            Head(layer: 0, index: 0): .sink, Head(layer: 1, index: 1): .previousToken,
            Head(layer: 2, index: 0): .previousToken, Head(layer: 2, index: 1): .induction,
            Head(layer: 3, index: 0): .induction, Head(layer: 3, index: 1): .sink,
        ]
    ),
    PlantedModel(layers: 1, heads: 1, planted: [Head(layer: 0, index: 0): .duplicateToken]),
    PlantedModel(layers: 2, heads: 2, planted: [:]),
]

private let copier = PlantedModel(
    layers: 2,
    heads: 2,
    planted: [Head(layer: 0, index: 1): .previousToken, Head(layer: 1, index: 0): .induction]
)

extension PlantedModel {
    /// Ids in place of words: all that the model has.
    func vocabulary(prependsBOS: Bool) -> PromptVocabulary {
        let ids = Array(0..<bosTokenID)
        let words = Dictionary(uniqueKeysWithValues: zip(Alphabet.letters.members, ids))
        return PromptVocabulary(
            ordinaryIDs: ids,
            bosTokenID: prependsBOS ? bosTokenID : nil,
            id: { words[$0] }
        )
    }

    fileprivate func tokens(_ recipe: PromptRecipe, prependsBOS: Bool = true) throws -> Tokens {
        try Tokens(recipe.prompts(for: vocabulary(prependsBOS: prependsBOS)))
    }

    fileprivate func kinds(of score: HeadScore) -> [PlantedHead] {
        switch score {
        case .induction: [.induction, .antiCopy]
        case .duplicate: [.duplicateToken]
        case .previous: [.previousToken]
        case .first: [.sink]
        }
    }
}

/// Expects a score above 0.95 at the heads built for it and below 0.05 at all others.
private func expectExactlyThePlanted(
    _ model: PlantedModel,
    _ tokens: Tokens,
    rule: PairRule = .nearest,
    of compared: [HeadScore] = HeadScore.allCases,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let scores = try scoreHeads(of: model.makeModel(), on: tokens, excluding: [model.bosTokenID], rule: rule)
    for scored in scores.heads {
        for score in compared {
            let mean = try #require(scored.scores[score]?.mean, sourceLocation: sourceLocation)
            let kind = model.planted[scored.head]
            let isBuilt = kind.map { model.kinds(of: score).contains($0) } ?? false
            #expect(
                isBuilt ? mean > 0.95 : mean < 0.05,
                "\(scored.head), \(kind.map { "\($0)" } ?? "idle"): \(score) \(mean)",
                sourceLocation: sourceLocation
            )
        }
    }
}

@Suite struct PlantedModelTests {
    @Test(arguments: layouts.indices, [true, false])
    func scoresAreHighAtExactlyThePlantedHeads(layout: Int, prependsBOS: Bool) throws {
        let model = layouts[layout]
        let tokens = try model.tokens(PromptRecipe(count: 20, seed: 1), prependsBOS: prependsBOS)
        try expectExactlyThePlanted(model, tokens)
    }

    // Short prompts: at t = 1 `previous` and `first` read the same cell, a tenth of all. Without BOS bigram's first A
    // stands at position 0, where the sink looks too.
    @Test(arguments: [(PromptKind.bigram, 24), (.letters, 11), (.letters, 20)], [true, false])
    func otherPromptsGiveTheSameHeads(prompt: (kind: PromptKind, length: Int), prependsBOS: Bool) throws {
        let recipe = PromptRecipe(kind: prompt.kind, count: 20, length: prompt.length, seed: 2)
        let isAtFirst = prompt.kind == .bigram && !prependsBOS
        let tokens = try planted.tokens(recipe, prependsBOS: prependsBOS)
        try expectExactlyThePlanted(
            planted,
            tokens,
            rule: .all,
            of: [.induction] + (isAtFirst ? [] : [.duplicate])
        )
    }

    @Test(arguments: [4, 8, 16])
    func streamsGiveTheSameHeadsWhereEveryCopyCounts(lag: Int) throws {
        let recipe = PromptRecipe(kind: .abab, count: 10, length: 60, lag: lag, seed: 3)
        try expectExactlyThePlanted(planted, planted.tokens(recipe), rule: .all)
    }

    @Test(arguments: [PromptKind.repeat, .bigram, .letters, .abca])
    func aDuplicateTokenHeadIsNeverCalledInduction(kind: PromptKind) throws {
        for model in layouts where model.planted.values.contains(.duplicateToken) {
            for rule in PairRule.allCases {
                for prependsBOS in [true, false] {
                    let recipe = PromptRecipe(kind: kind, count: 30, seed: 4)
                    let scores = try scoreHeads(
                        of: model.makeModel(),
                        on: model.tokens(recipe, prependsBOS: prependsBOS),
                        excluding: [model.bosTokenID],
                        rule: rule
                    )
                    for scored in scores.heads where model.planted[scored.head] == .duplicateToken {
                        let found = try #require(scored.scores[.induction]?.mean)
                        #expect(found < 0.05, "\(scored.head), \(kind), \(rule)")
                    }
                }
            }
        }
    }

    /// Mean loss of predicting the token after t, where t's token has come before and the one after it follows again.
    private func lossAtSecondOccurrences(_ model: PlantedModel, _ tokens: Tokens) throws -> Double {
        let logits = try model.makeModel().run(tokens).logits
        var losses: [Double] = []
        for (prompt, row) in tokens.rows.enumerated() {
            let pairs = copyPairs(in: row, excluding: [model.bosTokenID]).filter {
                $0.query + 1 < row.count && row[$0.query + 1] == row[$0.source + 1]
            }
            let read = logits[prompt].indexSelect(0, Tensor(pairs.map(\.query)))
            losses += read.crossEntropy(Tensor(pairs.map { row[$0.query + 1] })).doubles
        }
        return losses.reduce(0, +) / Double(losses.count)
    }

    @Test(arguments: [true, false])
    func anInductionCircuitCopies(prependsBOS: Bool) throws {
        let tokens = try copier.tokens(PromptRecipe(count: 20, seed: 5), prependsBOS: prependsBOS)
        #expect(try lossAtSecondOccurrences(copier, tokens) < 0.05)
    }

    @Test func halfACircuitDoesNotCopy() throws {
        let tokens = try copier.tokens(PromptRecipe(count: 10, seed: 6))
        for head in copier.planted.keys {
            var model = copier
            model.planted[head] = nil
            #expect(try lossAtSecondOccurrences(model, tokens) > 3, "without \(head)")
        }
        var opposed = copier
        opposed.planted[Head(layer: 1, index: 0)] = .antiCopy
        #expect(try lossAtSecondOccurrences(opposed, tokens) > 10)
    }

    /// One head for near copies, one for far ones.
    private let reaching = PlantedModel(
        layers: 2,
        heads: 3,
        planted: [
            Head(layer: 0, index: 2): .previousToken,
            Head(layer: 1, index: 0): .inductionWithin(lags: 1...18),
            Head(layer: 1, index: 1): .inductionWithin(lags: 19...64),
        ]
    )

    @Test func lagBucketsTellHeadsByTheirReach() throws {
        let tokens = try reaching.tokens(PromptRecipe(count: 30, seed: 8))
        let plan = PatternPlan(
            tokens,
            excluding: [reaching.bosTokenID],
            buckets: LagBucket.shortAndLong(shortMax: 18)
        )
        let collected = try collectPatterns(of: reaching.makeModel(), reading: plan)
        for (bucket, expected) in zip(collected.buckets, [[0.0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0]]) {
            let means = try #require(bucket.scores[.induction]?.means)
            for (mean, truth) in zip(means, expected) {
                #expect((mean - truth).magnitude < 1e-6, "lags \(bucket.lags): \(means)")
            }
        }
        #expect(collected.buckets.allSatisfy { ($0.scores[.induction]?.counts.reduce(0, +) ?? 0) > 100 })
    }

    @Test(arguments: [(18, true), (19, false)])
    func aReachEndsWhereItSays(lag: Int, copies: Bool) throws {
        var model = reaching
        model.planted[Head(layer: 1, index: 1)] = nil
        let tokens = try model.tokens(PromptRecipe(count: 10, lag: lag, seed: 9))
        #expect(try (lossAtSecondOccurrences(model, tokens) < 0.05) == copies)
        model.planted[Head(layer: 1, index: 0)] = .inductionWithin(lags: 19...40)
        #expect(try (lossAtSecondOccurrences(model, tokens) < 0.05) == !copies)
    }

    @Test(arguments: layouts.indices)
    func savedAndLoadedItIsTheSame(layout: Int) throws {
        let model = layouts[layout].makeModel()
        let directory = FileManager.default.temporaryDirectory.appending(path: "planted-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try model.save(to: directory)
        let loaded = try Transformer(directory: directory)
        #expect(loaded.config == model.config)
        let tokens = try layouts[layout].tokens(PromptRecipe(count: 3, seed: 7))
        #expect(try loaded.run(tokens).logits.isEqual(to: model.run(tokens).logits))
    }
}
