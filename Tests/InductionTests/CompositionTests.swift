// Composition: ratios and their random mean against NumPy, and the pair of heads that a planted circuit is made of.
import Induction
import Testing
import Transformers

@Suite struct CompositionTests {
    @Test func equalsDenseReferences() throws {
        let fixture = try CircuitFixture()
        for recorded in fixture.models {
            let model = try FamilyModels.model(recorded.name)
            let found = try model.composition(offsets: fixture.offsets, draws: 20, seed: 3)
            #expect(found.heads == model.heads && found.draws == 20)
            #expect(found.matrices.map(\.kind.rawValue) == recorded.composition.map(\.kind))
            #expect(found.matrices.map(\.offset) == recorded.composition.map(\.offset))
            for (matrix, expected) in zip(found.matrices, recorded.composition) {
                for (row, ratios) in zip(matrix.scores, expected.ratios) {
                    for (score, ratio) in zip(row, ratios) {
                        #expect((score == nil) == (ratio == nil))
                        guard let score, let ratio else { continue }
                        #expect(
                            agree(score + found.randomMean, ratio, 1e-6),
                            "\(recorded.name) \(matrix.kind) \(String(describing: matrix.offset))"
                        )
                    }
                }
            }
        }
    }

    @Test func randomMeanIsThatOfGaussianHeads() throws {
        for expected in try CircuitFixture().gaussian {
            func mean(_ seed: UInt64) -> Double {
                Composition.randomMean(
                    dModel: expected.shape[0],
                    dHead: expected.shape[1],
                    draws: 100,
                    seed: seed
                )
            }
            let found = mean(5)
            // Four standard errors of both.
            let error = expected.deviation * (1 / expected.draws + 1 / 100).squareRoot()
            #expect(agree(found, expected.mean, 4 * error), "\(expected.shape)")
            #expect(found == mean(5) && found != mean(6))
        }
    }

    @Test func thePlantedCircuitStandsOut() throws {
        let found = try planted.makeModel().composition(seed: 1)
        #expect(found.matrices.map(\.kind) == [.q, .k, .v])
        #expect(found.matrices.allSatisfy { $0.offset == nil })
        let previous = Head(layer: 0, index: 2)
        let ranked = found.ranked(found.matrices[1])
        // Both heads that read the slot of the token before; nothing else of what it writes is read by keys.
        #expect(ranked[..<2].map(\.later) == [Head(layer: 2, index: 1), Head(layer: 2, index: 3)])
        #expect(ranked[..<2].allSatisfy { $0.earlier == previous })
        // In units of sharpness: 2 for each token matched, which is what the previous-token head writes to; 1 for the
        // own position; -3 for the first position, which is the own one once.
        let squares: Double = 48 * 4 + 63 * (1 + 9) + 4
        let ratio = 2 / squares.squareRoot()
        #expect(agree(ranked[0].score + found.randomMean, ratio, 1e-6))
        for (index, matrix) in found.matrices.enumerated() {
            for pair in found.ranked(matrix) where index != 1 || !ranked[..<2].contains(pair) {
                #expect(agree(pair.score + found.randomMean, 0, 1e-6), "\(matrix.kind): \(pair)")
            }
        }
        // Heads that write nothing have no score.
        let idle = try #require(found.heads.firstIndex(of: Head(layer: 0, index: 0)))
        #expect(found.matrices.allSatisfy { $0.scores[idle].allSatisfy { $0 == nil } })
    }

    @Test func kindsAndOffsetsAreThoseAskedFor() throws {
        let model = try FamilyModels.model("gpt-neox-parallel")
        var layers: [Int] = []
        let found = try model.composition([.v, .k], offsets: [0, 4], draws: 3) { layers.append($0) }
        #expect(found.matrices.map(\.kind) == [.v, .k, .k] && found.matrices.map(\.offset) == [nil, 0, 4])
        #expect(layers == [1, 2])
        let ranked = found.ranked(found.matrices[0])
        #expect(ranked.count == 25 && zip(ranked, ranked.dropFirst()).allSatisfy { $0.score >= $1.score })
        #expect(ranked.allSatisfy { $0.earlier.layer < $0.later.layer })
    }
}
