// One pass, all scores: equal to an independent implementation on recorded patterns, whole or in parts.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct CollectedPatternsTests {
    @Test func meansAreThoseOfTheDefinitions() throws {
        let fixture = try TopologyFixture()
        let collected = try fixture.collected()
        #expect(collected.promptCount == fixture.prompts.count)
        #expect(collected.buckets.map(\.lags) == TopologyFixture.buckets)
        for score in HeadScore.allCases {
            let found = try #require(collected.scores[score]?.means)
            #expect(try agree(found, #require(fixture.means[score.rawValue])), "\(score)")
            for (bucket, expected) in zip(collected.buckets, fixture.bucketMeans) {
                let found = try #require(bucket.scores[score]?.means)
                #expect(try agree(found, #require(expected[score.rawValue])), "\(score), lags \(bucket.lags)")
            }
        }
        #expect(try agree(#require(collected.antecedent?.means), fixture.null.antecedent))
    }

    @Test func partsAddUpToTheWhole() throws {
        let fixture = try TopologyFixture()
        let whole = try fixture.collected(batchSize: 5)
        var parts = try fixture.collected(prompts: 0..<5, batchSize: 2)
        parts.append(try fixture.collected(prompts: 5..<6, batchSize: 2))
        parts.append(try fixture.collected(prompts: 6..<fixture.prompts.count, batchSize: 3))
        #expect(parts == whole)
        let coded = try JSONEncoder().encode(whole)
        #expect(try JSONDecoder().decode(CollectedPatterns.self, from: coded) == whole)
    }

    @Test func whatProgressThrowsEndsThePass() throws {
        struct Stopped: Error {}
        let plan = try PatternPlan(Tokens([[22, 1, 2, 1], [22, 3, 4, 3], [22, 5, 5, 5]]), excluding: [22])
        var done: [Int] = []
        #expect(throws: Stopped.self) {
            _ = try collectPatterns(of: randomModel(seed: 1), reading: plan, batchSize: 1) {
                done.append($0)
                if $0 == 2 { throw Stopped() }
            }
        }
        #expect(done == [1, 2])
    }

    @Test func theScorecardIsTheSameWithBucketsAndNull() throws {
        let (model, tokens) = (
            randomModel(seed: 2), try Tokens(randomPrompts(count: 6, lengths: 5..<30, seed: 4))
        )
        let plain = try scoreHeads(of: model, on: tokens, excluding: [22], batchSize: 4, seed: 3)
        let plan = PatternPlan(
            tokens,
            excluding: [22],
            buckets: LagBucket.shortAndLong(shortMax: 3),
            nullSeed: 1
        )
        let all = try collectPatterns(of: model, reading: plan, batchSize: 4)
        #expect(all.headScores(PromptBootstrap(promptCount: 6, seed: 3)) == plain)
        // Short and long lags make up all pairs.
        for score in [HeadScore.induction, .duplicate] {
            let whole = try #require(all.scores[score])
            let parts = all.buckets.compactMap { $0.scores[score] }
            for prompt in 0..<6 {
                #expect(whole.counts[prompt] == parts.reduce(0) { $0 + $1.counts[prompt] })
                for head in model.heads.indices {
                    let sum = parts.reduce(0) { $0 + $1.sums[prompt][head] }
                    #expect(agree(whole.sums[prompt][head], sum, 1e-12))
                }
            }
        }
    }

    @Test func bucketsHaveTheirEnds() {
        #expect(LagBucket.shortAndLong(shortMax: 8).map(\.description) == ["1-8", "9+"])
        let bucket = LagBucket(first: 3, last: 5)
        #expect((1...7).filter(bucket.contains) == [3, 4, 5])
        #expect((1...4).filter(LagBucket(first: 2).contains) == [2, 3, 4])
    }
}
