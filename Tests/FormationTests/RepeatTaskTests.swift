// Training sequences: one block again and again, the lag drawn for each.
import Induction
import Testing

@testable import Formation

@Suite struct RepeatTaskTests {
    let task = RepeatTask(symbols: Array(30..<60), bosTokenID: 3, length: 41, lags: 4...17)

    @Test func aBlockOfDistinctTokensRepeatsToTheEnd() {
        var generator = SeededGenerator(seed: 1)
        var lags = Set<Int>()
        for sequence in task.batch(300, using: &generator) {
            #expect(sequence.count == 41 && sequence[0] == 3)
            let body = Array(sequence.dropFirst())
            let lag = Set(body).count
            lags.insert(lag)
            #expect(Set(body[..<lag]).count == lag && Set(body).isSubset(of: 30..<60))
            #expect((lag..<40).allSatisfy { body[$0] == body[$0 - lag] })
        }
        #expect(lags == Set(4...17), "every lag comes up")
    }

    @Test func theSeedFixesTheSequences() {
        func batch(_ seed: UInt64) -> [[Int]] {
            var generator = SeededGenerator(seed: seed)
            return task.batch(2, using: &generator) + task.batch(3, using: &generator)
        }
        #expect(batch(2) == batch(2))
        #expect(batch(2) != batch(3))
        #expect(Set(batch(2)).count == 5)
    }

    @Test func shortSequencesAreCut() {
        var generator = SeededGenerator(seed: 4)
        let short = RepeatTask(symbols: [1, 2, 3, 4, 5], bosTokenID: 0, length: 4, lags: 5...5)
        #expect(short.batch(6, using: &generator).allSatisfy { $0.count == 4 && Set($0).count == 4 })
    }
}
