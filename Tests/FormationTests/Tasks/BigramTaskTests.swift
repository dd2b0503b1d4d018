// Triggers and their outputs.
import Induction
import Testing

@testable import Formation

@Suite struct BigramTaskTests {
    let task = BigramTask(triggers: 4)
    let symbols = Array(10..<30)

    @Test func patternTokensFollowAKnownTrigger() {
        var triggerCounts = Set<Int>()
        for body in bodies(60, task, length: 300, of: symbols) {
            let patterns = body.kinds.indices.filter { body.kinds[$0] == .pattern }
            let triggers = Set(patterns.map { body.tokens[$0 - 1] })
            triggerCounts.insert(triggers.count)
            #expect(patterns.allSatisfy(body.isCertain))
            // Whatever follows a trigger from its second occurrence on is of the kind, and is no trigger.
            for index in body.tokens.indices.dropFirst() where triggers.contains(body.tokens[index - 1]) {
                let isKnown = body.followsAKnownToken(at: index)
                #expect((body.kinds[index] == .pattern) == isKnown, "\(index)")
                #expect(!triggers.contains(body.tokens[index]))
            }
        }
        #expect(triggerCounts == [4], "in 300 tokens every trigger comes twice")
    }

    @Test func otherTokensAreEquallyProbable() {
        // After what is no trigger any symbol comes: by symbol, over sequences with different triggers.
        var counts: [Int: Int] = [:]
        for body in bodies(300, task, length: 400, of: symbols, seed: 2) {
            let triggers = Set(
                body.kinds.indices.filter { body.kinds[$0] == .pattern }.map { body.tokens[$0 - 1] }
            )
            for index in body.tokens.indices.dropFirst() where !triggers.contains(body.tokens[index - 1]) {
                counts[body.tokens[index], default: 0] += 1
            }
        }
        // About 5000 each, standard deviation 70.
        #expect(counts.count == 20)
        let mean = Double(counts.values.reduce(0, +)) / 20
        #expect(counts.values.allSatisfy { (Double($0) - mean).magnitude < 300 }, "\(counts)")
    }

    @Test func triggersAndOutputsAreNewInEverySequence() {
        let pairs = bodies(50, task, length: 400, of: symbols, seed: 3).map { body in
            Set(body.kinds.indices.filter { body.kinds[$0] == .pattern }.map { body.tokens[$0 - 1...$0] })
        }
        #expect(Set(pairs).count == 50)
    }

    @Test func settingsThatDoNotFitAreErrors() {
        func error(_ triggers: Int, _ length: Int) -> TaskError? {
            taskError(TrainingTask(.bigram(BigramTask(triggers: triggers)), length: length), vocabulary(13))
        }
        #expect(error(10, 5) == nil, "12 symbols, 4 tokens after the first: just enough")
        #expect(error(0, 5) == .outOfRange(setting: "--n-triggers", value: 0, allowed: 1...1 << 20))
        #expect(error(11, 5) == .vocabularyTooSmall(.bigram, needed: 13, found: 12))
        #expect(error(10, 4) == .sequenceTooShort(.bigram, needed: 5, found: 4))
    }
}
