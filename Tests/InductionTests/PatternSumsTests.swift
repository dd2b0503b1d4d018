// Sums over patterns against plain loops over the definition, recorded from Python.
import Testing
import Torch

@testable import Induction

@Suite struct PatternSumsTests {
    @Test func sumsAndCountsAreThoseOfTheDefinition() throws {
        let fixture = try StatisticsFixture().patterns
        for recorded in fixture.scores {
            let cells = fixture.prompts.map {
                recorded.score.readCells(of: $0, rule: recorded.rule, excluding: fixture.special)
            }
            let reduce = PatternSums(cells, device: .cpu)
            #expect(reduce.counts == recorded.counts, "\(recorded)")
            let sums = reduce(fixture.tensor)
            for (found, expected) in zip(sums.joined(), recorded.sums.joined()) {
                #expect(agree(found, expected), "\(recorded): \(sums), not \(recorded.sums)")
            }
        }
        #expect(fixture.scores.count == HeadScore.allCases.count * PairRule.allCases.count)
    }

    @Test func halfPrecisionIsSummedInFull() {
        // 3000 times 0.25: float16 would stop near 2048 quarters.
        let cells = [(1...3000).map { PatternCell(query: $0, key: 0) }]
        let pattern = Tensor.full([1, 1, 3001, 1], 0.25, dtype: .float16)
        #expect(PatternSums(cells, device: .cpu)(pattern) == [[750]])
    }

    @Test func nothingToSumIsZero() {
        let reduce = PatternSums([[], []], device: .cpu)
        #expect(reduce.counts == [0, 0])
        #expect(reduce(.ones([2, 3, 4, 4])) == [[0, 0, 0], [0, 0, 0]])
    }
}
