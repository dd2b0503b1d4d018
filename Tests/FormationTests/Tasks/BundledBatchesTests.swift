// The batches that the bundled models were trained on: other ones would make other models of the same recipe.
import Induction
import Testing

@testable import Formation

@Suite struct BundledBatchesTests {
    // Recorded before sequences were made by TaskSampler.
    @Test(arguments: [(BundledModel.induct2l, 1600), (.induct4l, 1800)])
    func areThoseOfTheCommittedWeights(model: BundledModel, steps: Int) throws {
        var generator = SeededGenerator(seed: 2)
        let short = try model.batch(at: 0, using: &generator)
        #expect(short.count == 32 && short.allSatisfy { $0.count == 64 && $0[0] == 0 })
        let block = [
            15, 51, 66, 107, 49, 36, 61, 59, 58, 55, 44, 112, 83, 2, 38, 25, 71, 74, 102, 5, 98,
        ]
        #expect(short[1] == [0] + block + block + block)
        #expect(hash(short) == 13_128_641_966_051_424_760)
        // The first of the second half, from where the generator is now.
        let long = try model.batch(at: steps / 2, using: &generator)
        #expect(long.count == 8 && long.allSatisfy { $0.count == 256 })
        #expect(hash(long) == 7_646_188_769_198_889_512)
        #expect(generator.next() == 12_384_959_562_623_554_452)
        var again = SeededGenerator(seed: 2)
        #expect(try model.batch(at: steps / 2 - 1, using: &again) == short)
    }
}
