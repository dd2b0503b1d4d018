// The stream and what is drawn from it, pinned: receipts promise the same prompts from the same seed.
import Foundation
import Testing

@testable import Induction

@Suite struct SeededGeneratorTests {
    @Test func isSplitMix64() {
        var generator = SeededGenerator(seed: 1_234_567)
        let drawn = (0..<5).map { _ in generator.next() }
        #expect(
            drawn == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    // Expected numbers: the same rule with Python's unbounded integers.
    @Test func integersArePinned() {
        var generator = SeededGenerator(seed: 3)
        #expect(
            (0..<8).map { _ in generator.integer(in: -5..<1000) } == [109, 698, 611, 68, 212, 634, 130, 888]
        )
    }

    @Test func surplusIsDrawnAgain() {
        var generator = SeededGenerator(seed: 6)
        let bound = 3 << 61  // a quarter of all 64-bit numbers are surplus
        #expect(
            (0..<4).map { _ in generator.integer(in: 0..<bound) } == [
                3_087_388_118_475_518_937, 389_753_650_416_701_882, 3_809_775_131_599_824_302,
                1_332_456_250_431_570_007,
            ]
        )
    }

    @Test func everyNumberOfARangeComesEquallyOften() {
        var generator = SeededGenerator(seed: 4)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<14_000 { counts[generator.integer(in: 10..<17) - 10] += 1 }
        // 2000 each, standard deviation 41.
        #expect(counts.allSatisfy { (1835...2165).contains($0) }, "\(counts)")
    }

    @Test func samplesAreDistinctAndPinned() {
        var generator = SeededGenerator(seed: 7)
        #expect(generator.sample(4, of: Array(0..<10)) == [3, 1, 9, 7])
        #expect(generator.sample(10, of: Array(0..<10)).sorted() == Array(0..<10))
        #expect(generator.sample(0, of: [1]).isEmpty && generator.sample(0, of: [Int]()).isEmpty)
        #expect(generator.shuffled(Array(0..<30)) != Array(0..<30))
        #expect(generator.shuffled(Array(0..<30)).sorted() == Array(0..<30))
    }

    @Test func drawsWithReplacementOnlyWhereThereAreTooFew() {
        var generator = SeededGenerator(seed: 8)
        #expect(Set(generator.draw(5, of: Array(0..<5))).count == 5)
        let drawn = generator.draw(40, of: [1, 2, 3])
        #expect(drawn.count == 40 && Set(drawn) == [1, 2, 3])
    }

    @Test func aSavedStateGoesOnWhereItWas() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<5 { _ = generator.next() }
        let saved = try JSONEncoder().encode([generator])
        var restored = try #require(try JSONDecoder().decode([SeededGenerator].self, from: saved).first)
        #expect(restored == generator)
        #expect((0..<9).map { _ in restored.next() } == (0..<9).map { _ in generator.next() })
    }

    @Test func aStateIsSixteenDigits() throws {
        #expect(
            String(decoding: try JSONEncoder().encode([SeededGenerator(seed: 0x1F)]), as: UTF8.self)
                == #"["000000000000001f"]"#
        )
        for text in [#"["1f"]"#, #"["+00000000000001f"]"#, #"["00000000000000zz"]"#, "[31]"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([SeededGenerator].self, from: Data(text.utf8))
            }
        }
    }
}
