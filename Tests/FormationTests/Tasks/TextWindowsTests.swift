// Windows of a text: where they begin, and that training never sees the validation part.
import Foundation
import Induction
import Testing

@testable import Formation

@Suite struct TextWindowsTests {
    /// A text whose tokens are their places.
    private func sampler(tokens: Int, length: Int) throws -> TaskSampler {
        try TaskSampler(
            TrainingTask(.text, length: length),
            vocabulary: plainVocabulary(),
            text: Array(0..<tokens)
        )
    }

    @Test func trainingTakesEveryWindowOfTheFirstNineTenths() throws {
        let sampler = try sampler(tokens: 100, length: 7)
        var generator = SeededGenerator(seed: 1)
        let batch = sampler.batch(3000, using: &generator)
        #expect(batch.sequences.allSatisfy { $0 == Array($0[0]..<$0[0] + 7) })
        #expect(Set(batch.sequences.map { $0[0] }) == Set(0...83))
        #expect(batch.kinds.allSatisfy { $0 == Array(repeating: .neither, count: 6) })
    }

    @Test func heldOutTakesEveryWindowOfTheLastTenth() throws {
        let sampler = try sampler(tokens: 100, length: 7)
        let batch = sampler.heldOut(200, seed: 1)
        #expect(batch.sequences.allSatisfy { $0 == Array($0[0]..<$0[0] + 7) })
        #expect(Set(batch.sequences.map { $0[0] }) == [90, 91, 92, 93])
        #expect(batch.kinds.allSatisfy { $0 == Array(repeating: .neither, count: 6) })
    }

    @Test func theShortestTextThatFitsIsThatOfTheMessage() throws {
        #expect(try sampler(tokens: 61, length: 7).heldOut(4, seed: 2).sequences.allSatisfy { $0[0] == 54 })
        for tokens in [0, 12, 60] {
            #expect(throws: TaskError.textTooShort(tokens: tokens, needed: 61, window: 7)) {
                try sampler(tokens: tokens, length: 7)
            }
        }
    }

    @Test func aTextHasNoPool() {
        #expect(
            taskError(TrainingTask(.text, length: 4, sequences: 10), text: Array(0..<90)) == .poolOfText(10)
        )
    }
}
