// Copying under ablation: against loops over logits, on planted circuits, and against random heads.
import Foundation
import Testing
import Torch
import Transformers

@testable import Induction

private let copier = PlantedModel(
    layers: 3,
    heads: 4,
    planted: [Head(layer: 0, index: 1): .previousToken, Head(layer: 2, index: 3): .induction]
)

private func prompts(_ count: Int, lag: Int? = nil, seed: UInt64 = 1) throws -> Tokens {
    try Tokens(
        PromptRecipe(count: count, lag: lag, seed: seed).prompts(for: copier.vocabulary(prependsBOS: true))
    )
}

@Suite struct CopyBehaviourTests {
    private static let sets = [
        [], [Head(layer: 0, index: 2), Head(layer: 1, index: 5), Head(layer: 0, index: 4)],
        [Head(layer: 1, index: 0)], [],
    ]

    @Test(arguments: sets.indices)
    func equalsLoopsOverLogits(set: Int) throws {
        let model = randomModel(seed: 31)
        let rows = randomPrompts(count: 7, ids: 4, lengths: 2..<33, seed: 8) + [[22, 1, 2, 3]]
        let all = try copyBehaviours(of: model, on: Tokens(rows), excluding: [22], zeroing: Self.sets)
        let (found, zeroed) = (all[set], Self.sets[set])
        #expect(all.count == 4)
        var pairs = 0
        for (prompt, row) in rows.enumerated() {
            let edits = zeroed.map { Intervention.zero(.z.head($0)) }
            let logits = try model.run(Tokens([row]), applying: edits).logits[0]
            var (hits, seedHits, loss, count) = (0.0, 0.0, 0.0, 0)
            for t in row.indices.dropLast() where row[t] != 22 {
                guard let s = row[..<t].lastIndex(of: row[t]), row[t + 1] == row[s + 1] else { continue }
                let values = logits[t].doubles
                let best = values.indices.max { values[$0] < values[$1] }
                hits += best == row[s + 1] ? 1 : 0
                seedHits += best == row[t] ? 1 : 0
                loss += log(values.reduce(0) { $0 + exp($1) }) - values[row[t + 1]]
                count += 1
            }
            pairs += count
            #expect(found.accuracy.sums[prompt] == [hits] && found.seedAccuracy.sums[prompt] == [seedHits])
            #expect(agree(found.loss.sums[prompt][0], loss, 1e-5))
            #expect(found.accuracy.counts[prompt] == count && found.loss.counts[prompt] == count)
        }
        #expect(pairs > 10)
    }

    @Test func promptsCountByThemselvesAndAMissingHeadIsAnError() throws {
        let model = randomModel(seed: 32)
        let rows = randomPrompts(count: 5, lengths: 9..<20, seed: 9)
        var done: [Int] = []
        let sets = [[], [Head(layer: 0, index: 1)], [Head(layer: 1, index: 4)]]
        let whole = try copyBehaviours(of: model, on: Tokens(rows), excluding: [22], zeroing: sets) {
            done.append($0)
        }
        // The whole model's run is the base of the others.
        #expect(done.allSatisfy { $0 >= 1 } && done.last == 3)
        for (prompt, row) in rows.enumerated() {
            let alone = try copyBehaviours(of: model, on: Tokens([row]), excluding: [22], zeroing: sets)
            for (one, all) in zip(alone, whole) {
                #expect(one.accuracy.sums == [all.accuracy.sums[prompt]])
                #expect(agree(one.loss.sums[0][0], all.loss.sums[prompt][0], 1e-5))
                #expect(one.loss.counts == [all.loss.counts[prompt]])
            }
        }
        let missing = [[], [Head(layer: 0, index: 6)]]
        for tokens in try [Tokens(rows), Tokens([[1, 2, 3]])] {
            #expect(throws: SelectionError.self) {
                try copyBehaviours(of: model, on: tokens, excluding: [22], zeroing: missing)
            }
        }
        let none = try copyBehaviours(of: model, on: Tokens([[1, 2, 3]]), excluding: [22], zeroing: [[]])
        #expect(none.map(\.loss) == [PromptSums(sums: [[0]], counts: [0])])
    }

    @Test func aPlantedCircuitCopiesAndTheSeedsAccuracyIsOffByOne() throws {
        let tokens = try prompts(12)
        let whole = try copyBehaviours(
            of: copier.makeModel(),
            on: tokens,
            excluding: [copier.bosTokenID],
            zeroing: [[]]
        )[0]
        #expect(whole.accuracy.means == [1] && whole.seedAccuracy.means == [0])
    }
}

@Suite struct AblationEffectTests {
    private func behaviours(_ tokens: Tokens, without sets: [[Head]]) throws -> [CopyBehaviour] {
        try copyBehaviours(
            of: copier.makeModel(),
            on: tokens,
            excluding: [copier.bosTokenID],
            zeroing: sets
        )
    }

    @Test func plantedHeadsMatterAndRandomOnesDoNot() throws {
        let tokens = try prompts(20)
        let bootstrap = PromptBootstrap(promptCount: 20, resamples: 200, seed: 1)
        let tested = [Head(layer: 2, index: 3)]
        let draws = RandomHeads(matching: tested, among: copier.makeModel().heads, seed: 2)
        #expect(Set(draws.sets) == Set([0, 1, 2].map { [Head(layer: 2, index: $0)] }))
        let all = try behaviours(tokens, without: [[], tested] + draws.sets)
        let (base, random) = (all[0], Array(all[2...]))
        let effect = try #require(
            AblationEffect(base: base, ablated: all[1], random: random, bootstrap)
        )
        #expect(try #require(effect.accuracy.delta.mean) < -0.9 && #require(effect.loss.delta.mean) > 3)
        #expect(try #require(effect.accuracy.excess?.high) < -0.9 && #require(effect.loss.excess?.low) > 3)
        #expect(effect.accuracy.random == [0, 0, 0] && effect.accuracy.p == 0.25 && effect.loss.p == 0.25)
        // The circuit's other half, against the same: idle heads of layer 0 do nothing.
        let nothing = try #require(
            AblationEffect(base: base, ablated: random[0], random: Array(random[1...]), bootstrap)
        )
        #expect(
            nothing.accuracy.delta == Estimate(mean: 0, low: 0, high: 0, pairs: base.loss.counts.reduce(0, +))
        )
        #expect(nothing.accuracy.p == 1 && nothing.loss.p == 1)
    }

    @Test func numbersByHand() throws {
        func made(_ hits: [Double], _ losses: [Double]) -> CopyBehaviour {
            let counts = [4, 2, 0]
            func sums(_ values: [Double]) -> PromptSums {
                PromptSums(sums: values.map { [$0] }, counts: counts)
            }
            return CopyBehaviour(accuracy: sums(hits), loss: sums(losses), seedAccuracy: sums([0, 0, 0]))
        }
        let effect = try #require(
            AblationEffect(
                base: made([4, 2, 0], [1, 2, 0]),
                ablated: made([1, 2, 0], [4, 5, 0]),
                random: [
                    made([4, 1, 0], [1, 8, 0]), made([1, 2, 0], [1, 5, 0]), made([3, 2, 0], [4, 5, 0]),
                ],
                PromptBootstrap(promptCount: 3, resamples: 100, seed: 3)
            )
        )
        #expect(effect.accuracy.delta.mean == -0.5 && effect.loss.delta.mean == 1)
        #expect(agree(effect.accuracy.random, [-1.0 / 6, -0.5, -1.0 / 6]))
        #expect(effect.loss.random == [1, 0.5, 1])
        // As harmful as the tested heads: one set by accuracy, two by loss.
        #expect(effect.accuracy.p == 0.5 && effect.loss.p == 0.75)
        #expect(agree(try #require(effect.accuracy.excess?.mean), -0.5 + 5.0 / 18))
        #expect(agree(try #require(effect.loss.excess?.mean), 1 - 5.0 / 6))
        #expect(effect.seedAccuracy.delta.mean == 0)
    }

    @Test func withoutPairsOrRandomSets() throws {
        let none = PromptSums(sums: [[0], [0]], counts: [0, 0])
        let empty = CopyBehaviour(accuracy: none, loss: none, seedAccuracy: none)
        let bootstrap = PromptBootstrap(promptCount: 2, resamples: 20, seed: 4)
        #expect(AblationEffect(base: empty, ablated: empty, random: [], bootstrap) == nil)
        let some = PromptSums(sums: [[1], [0]], counts: [1, 1])
        let base = CopyBehaviour(accuracy: some, loss: some, seedAccuracy: some)
        let effect = try #require(AblationEffect(base: base, ablated: base, random: [], bootstrap))
        #expect(effect.loss.p == nil && effect.loss.excess == nil && effect.loss.random.isEmpty)
    }
}

@Suite struct RandomHeadsTests {
    private let all = (0..<4).flatMap { layer in (0..<5).map { Head(layer: layer, index: $0) } }

    @Test func setsMatchLayersAndExcludeTheTested() {
        let tested = [(1, 0), (1, 3), (3, 2)].map { Head(layer: $0, index: $1) }
        let draws = RandomHeads(matching: tested, among: all, draws: 10, seed: 5)
        #expect(draws.isLayerMatched && draws.sets.count == 10 && Set(draws.sets).count == 10)
        for set in draws.sets {
            #expect(
                set.map(\.layer) == [1, 1, 3] && Set(set).count == 3 && Set(set).isDisjoint(with: tested)
            )
        }
        #expect(RandomHeads(matching: tested, among: all, draws: 10, seed: 5) == draws)
        #expect(RandomHeads(matching: tested, among: all, draws: 10, seed: 6) != draws)
        // 3 choices of two in layer 1 times 4 in layer 3 are all that there are.
        let every = RandomHeads(matching: tested, among: all, seed: 5)
        #expect(every.sets.count == 12 && Set(every.sets).count == 12)
    }

    @Test func everyOtherHeadIsDrawnAlike() {
        let draws = (0..<3000).compactMap { seed in
            RandomHeads(matching: [all[7]], among: all, draws: 1, seed: UInt64(seed)).sets.first
        }
        for index in [0, 1, 3, 4] {
            #expect(agree(Double(draws.count { $0 == [all[5 + index]] }) / 3000, 0.25, 0.03))
        }
    }

    @Test func aLayerWithTooFewTakesFromAll() {
        let tested = [0, 1, 2].map { Head(layer: 2, index: $0) } + [Head(layer: 0, index: 4)]
        let draws = RandomHeads(matching: tested, among: all, draws: 200, seed: 7)
        #expect(!draws.isLayerMatched && draws.sets.count == 200)
        for set in draws.sets {
            #expect(set.count == 4 && Set(set).isDisjoint(with: tested) && set.contains { $0.layer == 0 })
        }
        #expect(Set(draws.sets.joined().map(\.layer)) == [0, 1, 2, 3])
        let most = RandomHeads(matching: Array(all[..<11]), among: all, seed: 8)
        #expect(most.sets.isEmpty && !most.isLayerMatched)
    }
}
