// Sums over patterns against plain loops over the definition, recorded from Python.
import Testing
import Torch

@testable import Induction

/// Sums of one row a prompt.
private func patternSums(_ cells: [[PatternCell]], _ pattern: Tensor) -> [[Double]] {
    let rows = cells.enumerated().map { PatternRow(prompt: $0, cells: $1) }
    return PatternSums(rows, heads: pattern.size(1), device: .cpu)(pattern)
}

@Suite struct PatternSumsTests {
    @Test func sumsAndCountsAreThoseOfTheDefinition() throws {
        let fixture = try StatisticsFixture().patterns
        for recorded in fixture.scores {
            let cells = fixture.prompts.map {
                recorded.score.readCells(of: $0, rule: recorded.rule, excluding: fixture.special)
            }
            #expect(cells.map { Set($0.map(\.query)).count } == recorded.counts, "\(recorded)")
            let sums = patternSums(cells, fixture.tensor)
            for (found, expected) in zip(sums.joined(), recorded.sums.joined()) {
                #expect(agree(found, expected), "\(recorded): \(sums), not \(recorded.sums)")
            }
        }
        #expect(fixture.scores.count == HeadScore.allCases.count * PairRule.allCases.count)
    }

    @Test func addsOneEntryAfterAnotherToTheLastBit() {
        let pattern = RandomSource(seed: 7).uniform([2, 3, 11, 11])
        let (values, random) = (pattern.doubles, RandomSource(seed: 8))
        let cells = (0..<2).map { _ in
            zip(random.integers(0..<11, [500]).ints, random.integers(0..<11, [500]).ints).map {
                PatternCell(query: $0, key: $1)
            }
        }
        for (prompt, sums) in patternSums(cells, pattern).enumerated() {
            for (head, sum) in sums.enumerated() {
                let one = cells[prompt].reduce(0) {
                    $0 + values[((prompt * 3 + head) * 11 + $1.query) * 11 + $1.key]
                }
                #expect(sum == one)
            }
        }
    }

    @Test func halfPrecisionIsSummedInFull() {
        // 3000 times 0.25: float16 would stop near 2048 quarters.
        let cells = [(1...3000).map { PatternCell(query: $0, key: 0) }]
        let pattern = Tensor.full([1, 1, 3001, 1], 0.25, dtype: .float16)
        #expect(patternSums(cells, pattern) == [[750]])
    }

    @Test func nothingToSumIsZero() {
        #expect(patternSums([[], []], .ones([2, 3, 4, 4])) == [[0, 0, 0], [0, 0, 0]])
    }

    @Test func aPromptMayHaveManyRowsAndARowAnEntryTwice() {
        let pattern = Tensor((0..<24).map(Double.init), [2, 2, 2, 3])
        let corner = PatternCell(query: 1, key: 2)
        let rows = [
            PatternRow(prompt: 1, cells: [corner, corner]),
            PatternRow(prompt: 0, cells: [PatternCell(query: 0, key: 1), corner]),
            PatternRow(prompt: 1, cells: []),
            PatternRow(prompt: 1, cells: [PatternCell(query: 0, key: 0)]),
        ]
        let reduce = PatternSums(rows, heads: 2, device: .cpu)
        #expect(reduce(pattern) == [[34, 46], [6, 18], [0, 0], [12, 18]])
    }
}
