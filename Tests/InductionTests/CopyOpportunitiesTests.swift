// Pairs of a token and its earlier copies, and the cells that each score reads.
import Induction
import Testing

@Suite struct CopyOpportunitiesTests {
    private func pairs(_ tokens: [Int], _ rule: PairRule, _ special: Set<Int> = []) -> [[Int]] {
        copyPairs(in: tokens, rule: rule, excluding: special).map { [$0.query, $0.source] }
    }

    @Test func nearestTakesTheLastEarlierCopy() {
        #expect(pairs([4, 7, 4, 5, 4, 7], .nearest) == [[2, 0], [4, 2], [5, 1]])
    }

    @Test func allTakesEveryEarlierCopy() {
        #expect(pairs([4, 7, 4, 5, 4, 7], .all) == [[2, 0], [4, 0], [4, 2], [5, 1]])
    }

    @Test(arguments: PairRule.allCases)
    func specialTokensAreNeverPartOfAPair(rule: PairRule) {
        #expect(pairs([9, 4, 9, 4, 9], rule, [9]) == [[3, 1]])
    }

    @Test(arguments: PairRule.allCases)
    func tokensThatDoNotRepeatHaveNoPair(rule: PairRule) {
        #expect(pairs([1, 2, 3], rule).isEmpty)
        #expect(pairs([1], rule).isEmpty)
        #expect(pairs([], rule).isEmpty)
    }

    @Test func lagIsTheDistance() {
        #expect(CopyPair(query: 9, source: 2).lag == 7)
    }

    @Test func inductionDropsNeighboursAndDoesNotReplaceThem() {
        // At 2 and 3 the nearest copy stands next door; an earlier one is not taken in its place.
        let cells = HeadScore.induction.readCells(of: [5, 6, 6, 6, 5], rule: .nearest, excluding: [])
        #expect(cells.map { [$0.query, $0.key] } == [[4, 1]])
        let all = HeadScore.induction.readCells(of: [5, 6, 6, 6, 5], rule: .all, excluding: [])
        #expect(all.map { [$0.query, $0.key] } == [[3, 2], [4, 1]])
    }

    @Test func previousAndFirstReadEveryPositionButTheFirst() {
        let tokens = [9, 1, 9]
        let previous = HeadScore.previous.readCells(of: tokens, rule: .nearest, excluding: [9])
        #expect(previous.map { [$0.query, $0.key] } == [[1, 0], [2, 1]])
        let first = HeadScore.first.readCells(of: tokens, rule: .nearest, excluding: [9])
        #expect(first.map { [$0.query, $0.key] } == [[1, 0], [2, 0]])
        #expect(HeadScore.first.readCells(of: [9], rule: .nearest, excluding: []).isEmpty)
    }
}
