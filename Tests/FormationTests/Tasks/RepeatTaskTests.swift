// One block again and again, the lag drawn for each sequence.
import Induction
import Testing

@testable import Formation

@Suite struct RepeatTaskTests {
    let task = RepeatTask(minPatternLength: 4, maxPatternLength: 17)
    let symbols = Array(30..<60)

    @Test func aBlockOfDistinctTokensRepeatsToTheEnd() {
        var lags = Set<Int>()
        for body in bodies(300, task, length: 40, of: symbols) {
            #expect(body.tokens.count == 40)
            let lag = Set(body.tokens).count
            lags.insert(lag)
            #expect(Set(body.tokens[..<lag]).count == lag && Set(body.tokens).isSubset(of: symbols))
            #expect((lag..<40).allSatisfy { body.tokens[$0] == body.tokens[$0 - lag] })
        }
        #expect(lags == Set(4...17), "every lag comes up")
    }

    @Test func patternTokensAreThoseThatAreCertain() {
        for body in bodies(100, task, length: 40, of: symbols, seed: 2) {
            for index in body.tokens.indices {
                #expect((body.kinds[index] == .pattern) == body.isCertain(at: index), "\(index)")
            }
        }
    }

    @Test func settingsThatDoNotFitAreErrors() {
        func error(_ minimum: Int, _ maximum: Int, _ length: Int) -> TaskError? {
            let task = RepeatTask(minPatternLength: minimum, maxPatternLength: maximum)
            return taskError(TrainingTask(.repeat(task), length: length), vocabulary(13))
        }
        #expect(error(2, 12, 25) == nil, "12 symbols, 24 tokens after the first: just enough")
        #expect(
            error(0, 5, 64) == .outOfRange(setting: "--min-pattern-length", value: 0, allowed: 2...1 << 20)
        )
        #expect(error(9, 5, 64) == .patternLengthsReversed(minimum: 9, maximum: 5))
        #expect(error(2, 13, 64) == .vocabularyTooSmall(.repeat, needed: 13, found: 12))
        #expect(error(2, 12, 24) == .sequenceTooShort(.repeat, needed: 25, found: 24))
    }
}
