// Nulls against NumPy and SciPy on recorded patterns, and by hand.
import Testing
import Torch
import Transformers

@testable import Induction

@Suite struct ShuffledNullTests {
    @Test func equalsNumPy() throws {
        let fixture = try TopologyFixture()
        let expected = fixture.null
        let collected = try fixture.collected()
        let found = try #require(
            collected.shuffledNull(
                reductions: [.mean, .top(quantile: 0.7)],
                draws: fixture.draws,
                seed: fixture.seeds.draws
            )
        )
        #expect(found.pairs == expected.pairs && found.draws == fixture.draws)
        #expect(agree(found.heads.map(\.observed), expected.observed))
        #expect(agree(found.heads.map(\.nullMean), expected.mean))
        #expect(agree(found.heads.map(\.nullDeviation), expected.deviation))
        #expect(agree(found.heads.map(\.p), expected.p))
        #expect(agree(found.heads.map(\.q), expected.q))
        for (band, recorded) in zip(found.bands, expected.bands) {
            #expect(agree(band.mean, recorded.mean) && agree(band.low, recorded.low), "\(band.reduction)")
            #expect(agree(band.high, recorded.high), "\(band.reduction)")
        }
        #expect(found.bands.map(\.reduction) == [.mean, .top(quantile: 0.7)])
    }

    @Test func readsOnlyKeysThatAHeadBlindToCopiesCannotTellApart() {
        var generator = SeededGenerator(seed: 4)
        let prompts = (0..<40).map { _ in
            (0..<40).map { _ in generator.integer(in: 0..<12) == 0 ? 99 : generator.integer(in: 0..<20) }
        }
        let all = shuffledCells(in: prompts, rule: .nearest, excluding: [99])
        var compared = 0
        for (tokens, cells) in zip(prompts, all) {
            #expect(cells.slots.count == ShuffledSums.slotCount)
            for (place, own) in cells.observed.enumerated() {
                let (t, seen) = (own.query, tokens[...own.query])
                var keys: Set<Int> = []
                for slot in cells.slots {
                    let cell = slot[place]
                    keys.insert(cell.key)
                    let (key, source) = (tokens[cell.key], tokens[cell.key - 1])
                    #expect(cell.query == t && cell.key < t && cell.key != own.key)
                    #expect(source != tokens[t] && source != 99 && key != tokens[t])
                    #expect((key == 99) == (tokens[own.key] == 99))
                    #expect(seen.count { $0 == key } == seen.count { $0 == tokens[own.key] })
                }
                #expect(keys.count >= 2)
                compared += 1
            }
            #expect(cells.ownShare == 0 ? cells.observed.isEmpty : (0.05...0.26).contains(cells.ownShare))
        }
        #expect(compared > 400)
    }

    @Test func oneLagLeavesNothingToCompareWith() throws {
        let tokens = try Tokens((0..<5).map { [22, $0, 6, 7, 8, $0, 6, 7] })
        let plan = PatternPlan(tokens, excluding: [22], nullSeed: 0)
        let collected = try collectPatterns(of: randomModel(seed: 3), reading: plan)
        #expect(collected.shuffled?.pairs == 0)
        #expect(collected.shuffledNull(seed: 1) == nil)
        let without = try collectPatterns(
            of: randomModel(seed: 3),
            reading: PatternPlan(tokens, excluding: [22])
        )
        #expect(without.shuffled == nil && without.antecedent == nil && without.shuffledNull(seed: 1) == nil)
    }

    @Test func drawsFollowTheNumberOfTests() {
        #expect(ShuffledNull.draws(heads: 144) == 28_800)
        #expect(ShuffledNull.draws(heads: 3, alpha: 0.07) == 429)
    }
}

@Suite struct HeadPermutationTests {
    @Test func equalsSciPy() throws {
        let expected = try TopologyFixture().permutation
        let found = HeadPermutation(expected.scores, quantile: 0.7)
        #expect(agree(found.threshold, expected.threshold))
        #expect(found.layers.map(\.above) == expected.above)
        #expect(agree(found.layers.map(\.p), expected.p) && agree(found.layers.map(\.q), expected.q))
        for layer in found.layers {
            #expect(agree(layer.expected, expected.expected))
            #expect(layer.low == expected.low && layer.high == expected.high)
        }
    }

    @Test func theHypergeometricDistributionEqualsSciPys() throws {
        for recorded in try TopologyFixture().hypergeometric {
            let found = Hypergeometric(
                population: recorded.population,
                marked: recorded.marked,
                drawn: recorded.drawn
            )
            #expect(agree(found.mean, recorded.mean))
            #expect(agree((0...recorded.drawn).map(found.upperTail), recorded.tails, 1e-10), "\(recorded)")
            #expect(
                [0.025, 0.3, 0.9, 0.95, 0.975, 0.999].map(found.quantile) == recorded.quantiles,
                "\(recorded)"
            )
        }
    }

    @Test func isWhatPermutingShows() {
        let scores = (0..<4).map { layer in (0..<6).map { Double((layer * 6 + $0) * 7 % 24) } }
        let null = HeadPermutation(scores, quantile: 0.8)
        #expect(null.layers.reduce(0) { $0 + $1.above } == 5)
        var generator = SeededGenerator(seed: 9)
        var counts = [Int](repeating: 0, count: 7)
        let all = scores.flatMap { $0 }
        for _ in 0..<20_000 {
            let layer = generator.sample(6, of: all)
            counts[layer.count { $0 > null.threshold }] += 1
        }
        for above in 0..<6 {
            let tail = Double(counts[above...].reduce(0, +)) / 20_000
            let exact = Hypergeometric(population: 24, marked: 5, drawn: 6).upperTail(above)
            #expect((tail - exact).magnitude < 0.015, "\(above) or more: \(tail), \(exact)")
        }
    }

    @Test func equalScoresAreNotAboveEachOther() {
        let null = HeadPermutation([[0.5, 0.5], [0.5, 0.5]])
        #expect(null.layers.allSatisfy { $0.above == 0 && $0.p == 1 && $0.high == 0 })
    }
}

@Suite struct BenjaminiHochbergTests {
    @Test func qValuesByHand() {
        // 0.01 * 4, 0.02 * 4 / 2, 0.03 * 4 / 3, 0.5: the smallest from each on.
        #expect(agree(benjaminiHochberg([0.5, 0.02, 0.01, 0.03]), [0.5, 0.04, 0.04, 0.04]))
        #expect(benjaminiHochberg([]) == [] && benjaminiHochberg([0.2]) == [0.2])
        #expect(benjaminiHochberg([1, 1, 1]) == [1, 1, 1])
    }
}
