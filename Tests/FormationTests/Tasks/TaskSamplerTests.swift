// Batches: shapes and kinds, seeds, pools, held-out sequences, and streams that go on where they were.
import Foundation
import Induction
import Testing

@testable import Formation

private func sampler(
    _ task: TrainingTask,
    _ vocabulary: PromptVocabulary = vocabulary(),
    sequences: Int? = nil,
    poolSeed: UInt64 = 0
) throws -> TaskSampler {
    var task = task
    task.sequences = sequences
    return try TaskSampler(task, vocabulary: vocabulary, poolSeed: poolSeed)
}

@Suite struct TaskSamplerTests {
    @Test(arguments: syntheticTasks)
    func aBatchHasAKindForEveryPrediction(task: TrainingTask) throws {
        var generator = SeededGenerator(seed: 1)
        let batch = try sampler(task).batch(6, using: &generator)
        #expect(batch.sequences.count == 6 && batch.kinds.count == 6)
        for (tokens, kinds) in zip(batch.sequences, batch.kinds) {
            #expect(tokens.count == task.length && kinds.count == task.length - 1)
            #expect(tokens[0] == 28 && !tokens.dropFirst().contains(28))
            #expect(tokens.allSatisfy { (0..<30).contains($0) })
            #expect(Set(kinds) == [.pattern, .random])
        }
    }

    @Test(arguments: syntheticTasks)
    func theFirstTokenIsPredictedOnlyAfterABeginning(task: TrainingTask) throws {
        // The same stream with and without: the token that begins a sequence has no part in the draws, and takes a place.
        var (a, b) = (SeededGenerator(seed: 2), SeededGenerator(seed: 2))
        var shorter = task
        shorter.length -= 1
        let with = try sampler(task, PromptVocabulary(size: 31, bosTokenID: 30)).batch(3, using: &a)
        let without = try sampler(shorter, plainVocabulary(30)).batch(3, using: &b)
        #expect(with.sequences.map { Array($0.dropFirst()) } == without.sequences)
        #expect(with.kinds.map { Array($0.dropFirst()) } == without.kinds)
        #expect(with.kinds.allSatisfy { $0[0] == .random })
    }

    @Test(arguments: syntheticTasks)
    func theSeedFixesTheStream(task: TrainingTask) throws {
        let sampler = try sampler(task)
        func batches(_ seed: UInt64) -> [[Int]] {
            var generator = SeededGenerator(seed: seed)
            return sampler.batch(2, using: &generator).sequences
                + sampler.batch(3, using: &generator).sequences
        }
        #expect(batches(2) == batches(2))
        #expect(Set(batches(2) + batches(3)).count == 10)
    }

    @Test(arguments: syntheticTasks)
    func aSavedStreamGoesOnWithTheSameBatches(task: TrainingTask) throws {
        for sequences in [nil, 7] {
            let sampler = try sampler(task, sequences: sequences)
            var generator = SeededGenerator(seed: 3)
            _ = sampler.batch(5, using: &generator)
            let saved = try JSONEncoder().encode(generator)
            let expected = [sampler.batch(4, using: &generator), sampler.batch(2, using: &generator)]
            // In another process: everything made anew.
            let fresh = try Self.decoded(TrainingTask.self, try JSONEncoder().encode(sampler.task))
            let resumed = try TaskSampler(fresh, vocabulary: vocabulary())
            var restored = try Self.decoded(SeededGenerator.self, saved)
            #expect(
                [resumed.batch(4, using: &restored), resumed.batch(2, using: &restored)] == expected
            )
        }
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }

    @Test(arguments: syntheticTasks)
    func aPoolHasItsNumberOfSequencesOfItsOwnSeed(task: TrainingTask) throws {
        func pool(_ poolSeed: UInt64, _ seed: UInt64) throws -> Set<[Int]> {
            var generator = SeededGenerator(seed: seed)
            return Set(
                try sampler(task, sequences: 12, poolSeed: poolSeed).batch(300, using: &generator).sequences
            )
        }
        #expect(try pool(1, 5).count == 12)
        #expect(try pool(1, 5) == pool(1, 6), "another order of the same sequences")
        #expect(try pool(1, 5).isDisjoint(with: pool(2, 5)))
    }

    @Test(arguments: syntheticTasks)
    func heldOutSequencesAreFixedAndNotThoseOfTraining(task: TrainingTask) throws {
        let sampler = try sampler(task, sequences: 12, poolSeed: 4)
        let heldOut = sampler.heldOut(20, seed: 4)
        #expect(heldOut == sampler.heldOut(20, seed: 4))
        #expect(heldOut.sequences[..<5] == sampler.heldOut(5, seed: 4).sequences[...])
        #expect(Set(heldOut.sequences).count == 20 && heldOut != sampler.heldOut(20, seed: 5))
        // Neither the pool's nor those of a fresh stream with the same seed.
        var (a, b) = (SeededGenerator(seed: 4), SeededGenerator(seed: 4))
        let training = try Self.both(task, &a, sampler.batch(200, using: &b))
        #expect(Set(heldOut.sequences).isDisjoint(with: training))
    }

    private static func both(
        _ task: TrainingTask,
        _ generator: inout SeededGenerator,
        _ pool: TaskBatch
    ) throws -> [[Int]] {
        try sampler(task).batch(200, using: &generator).sequences + pool.sequences
    }

    @Test func lengthsAndPoolsOutOfRangeAreErrors() {
        var task = syntheticTasks[3]
        task.length = 1
        #expect(taskError(task) == .outOfRange(setting: "--seq-length", value: 1, allowed: 2...1 << 20))
        task.length = (1 << 20) + 1
        #expect(
            taskError(task)
                == .outOfRange(setting: "--seq-length", value: (1 << 20) + 1, allowed: 2...1 << 20)
        )
        task = syntheticTasks[3]
        task.sequences = 0
        #expect(taskError(task) == .outOfRange(setting: "--n-sequences", value: 0, allowed: 1...1 << 24))
        task = TrainingTask(.text, length: 0)
        #expect(taskError(task) == .outOfRange(setting: "--seq-length", value: 0, allowed: 2...1 << 20))
    }
}
