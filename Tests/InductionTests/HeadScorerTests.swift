// The scorecard of random models: equal to loops over recorded patterns, and to itself however it is run.
import Testing
import Torch
import Transformers

@testable import Induction

/// Means of every head by loops over recorded patterns, each prompt run alone and so without pads.
private func loopedMeans(
    _ model: Transformer,
    _ prompts: [[Int]],
    _ score: HeadScore,
    _ rule: PairRule,
    special: Int
) throws -> (means: [Double], positions: Int) {
    var sums = [Double](repeating: 0, count: model.heads.count)
    var positions = 0
    for prompt in prompts {
        let recording = try model.run(Tokens([prompt]), recording: [.pattern], logits: .none)
        let layers = try (0..<model.config.layers).map { try recording[.pattern, layer: $0][0].doubles }
        for t in prompt.indices {
            let keys: [Int]
            switch score {
            case .previous: keys = t == 0 ? [] : [t - 1]
            case .first: keys = t == 0 ? [] : [0]
            case .induction, .duplicate:
                let copies = (0..<t).filter { prompt[$0] == prompt[t] && prompt[t] != special }
                let counted = rule == .nearest ? Array(copies.suffix(1)) : copies
                keys = score == .duplicate ? counted : counted.map { $0 + 1 }.filter { $0 != t }
            }
            if keys.isEmpty { continue }
            positions += 1
            for (index, head) in model.heads.enumerated() {
                let row = (head.index * prompt.count + t) * prompt.count
                for key in keys { sums[index] += layers[head.layer][row + key] }
            }
        }
    }
    return (sums.map { $0 / Double(positions) }, positions)
}

@Suite struct HeadScorerTests {
    let prompts = randomPrompts(count: 7, lengths: 2..<33, seed: 3)

    @Test(arguments: PairRule.allCases, [6, 3, 1])
    func scoresAreMeansOverRecordedPatterns(rule: PairRule, keyValueHeads: Int) throws {
        let model = randomModel(seed: 11, keyValueHeads: keyValueHeads)
        let scores = try scoreHeads(of: model, on: Tokens(prompts), excluding: [22], rule: rule, batchSize: 3)
        #expect(scores.rule == rule && scores.promptCount == 7)
        #expect(scores.heads.map(\.head) == model.heads)
        for score in HeadScore.allCases {
            let expected = try loopedMeans(model, prompts, score, rule, special: 22)
            for (scored, mean) in zip(scores.heads, expected.means) {
                let estimate = try #require(scored.scores[score])
                #expect(estimate.pairs == expected.positions)
                #expect(agree(try #require(estimate.mean), mean, 1e-6), "\(score) of \(scored.head)")
            }
        }
    }

    @Test(arguments: [1, 2, 5, 64])
    func batchSizeChangesNothing(size: Int) throws {
        let model = randomModel(seed: 12, positions: .rotary(Rotary(dimensions: 4, base: 100)), dMLP: 9)
        let whole = try scoreHeads(of: model, on: Tokens(prompts), excluding: [22], batchSize: 7)
        var done: [Int] = []
        let parts = try scoreHeads(of: model, on: Tokens(prompts), excluding: [22], batchSize: size) {
            done.append($0)
        }
        #expect(done.last == 7 && done.count == (7 + size - 1) / size)
        for (a, b) in zip(parts.heads, whole.heads) {
            for score in HeadScore.allCases {
                let (x, y) = (try #require(a.scores[score]), try #require(b.scores[score]))
                #expect(x.pairs == y.pairs)
                for (u, v) in [(x.mean, y.mean), (x.low, y.low), (x.high, y.high)] {
                    let (u, v) = (try #require(u), try #require(v))
                    #expect((u - v).magnitude <= 1e-6 * v.magnitude, "\(score) of \(a.head): \(u), \(v)")
                }
            }
        }
    }

    @Test func orderOfPromptsDoesNotMatterForMeans() throws {
        let model = randomModel(seed: 13)
        let forward = try scoreHeads(of: model, on: Tokens(prompts), excluding: [22])
        let backward = try scoreHeads(of: model, on: Tokens(prompts.reversed()), excluding: [22])
        for (a, b) in zip(forward.heads, backward.heads) {
            for score in HeadScore.allCases {
                #expect(agree(a.mean(score), b.mean(score), 1e-6))
            }
        }
    }

    @Test func padsChangeNothing() throws {
        let model = randomModel(seed: 14)
        let alone = try scoreHeads(of: model, on: Tokens([prompts[0]]), excluding: [22])
        // The longer prompt repeats nothing: beside it, the first one's pairs stand among pads.
        let long = Array(0..<22) + [22]
        let beside = try scoreHeads(of: model, on: Tokens([prompts[0], long]), excluding: [22])
        #expect(long.count > prompts[0].count)
        for (a, b) in zip(alone.heads, beside.heads) {
            #expect(a.scores[.duplicate]?.pairs == b.scores[.duplicate]?.pairs)
            #expect(agree(a.mean(.duplicate), b.mean(.duplicate), 1e-6))
            #expect(agree(a.mean(.induction), b.mean(.induction), 1e-6))
        }
    }

    @Test func promptsWithoutAPairHaveNoMean() throws {
        let scores = try scoreHeads(
            of: randomModel(seed: 15),
            on: Tokens([[22, 1, 2, 3], [22, 4], [22]]),
            excluding: [22]
        )
        for scored in scores.heads {
            let none = Estimate(mean: nil, low: nil, high: nil, pairs: 0)
            #expect(scored.scores[.induction] == none && scored.scores[.duplicate] == none)
            #expect(scored.scores[.previous]?.pairs == 4)
            #expect(scored.scores[.previous]?.mean != nil)
        }
        #expect(
            scores.matrix(.induction) == [[Double?]](repeating: Array(repeating: nil, count: 6), count: 2)
        )
        #expect(scores.ranked(by: .induction).map(\.head) == scores.heads.map(\.head))
    }

    @Test func onePromptHasNoInterval() throws {
        let scores = try scoreHeads(of: randomModel(seed: 16), on: Tokens([prompts[1]]), excluding: [22])
        for scored in scores.heads {
            for estimate in scored.scores.values {
                #expect(estimate.mean != nil && estimate.low == nil && estimate.high == nil)
            }
        }
    }

    @Test func theSeedFixesTheIntervals() throws {
        let model = randomModel(seed: 17)
        func scores(_ seed: UInt64) throws -> HeadScores {
            try scoreHeads(of: model, on: Tokens(prompts), excluding: [22], seed: seed)
        }
        let first = try scores(5)
        #expect(try scores(5) == first)
        let other = try scores(6)
        #expect(other != first)
        #expect(other.heads.map { $0.mean(.induction) } == first.heads.map { $0.mean(.induction) })
    }

    @Test func ranksFromTheHighestMeanAndKeepsTheOrderOfEqualOnes() {
        func head(_ layer: Int, _ index: Int, _ mean: Double?) -> ScoredHead {
            let estimate = Estimate(mean: mean, low: nil, high: nil, pairs: 1)
            return ScoredHead(head: Head(layer: layer, index: index), scores: [.induction: estimate])
        }
        let heads = [head(0, 0, 0.25), head(0, 1, 0.75), head(1, 0, nil), head(1, 1, 0.25)]
        let scores = HeadScores(heads: heads, rule: .nearest, promptCount: 1)
        #expect(scores.ranked(by: .induction) == [heads[1], heads[0], heads[3], heads[2]])
        #expect(scores.matrix(.induction) == [[0.25, 0.75], [nil, 0.25]])
    }

    @Test func idsAndLengthsAreChecked() throws {
        let model = randomModel(seed: 18)
        #expect(throws: TokensError.outsideVocabulary(prompt: 1, position: 1, id: 23, size: 23)) {
            try scoreHeads(of: model, on: Tokens([[22, 1], [22, 23]]), excluding: [22])
        }
        #expect(throws: TokensError.tooLong(prompt: 0, length: 41, context: 40)) {
            try scoreHeads(of: model, on: Tokens([Array(repeating: 1, count: 41)]), excluding: [22])
        }
    }
}
