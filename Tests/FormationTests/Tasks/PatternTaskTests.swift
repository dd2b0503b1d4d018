// A pattern among random tokens: where it stands, what it is made of, which tokens count as predictable.
import Induction
import Testing

@testable import Formation

@Suite struct PatternTaskTests {
    let task = PatternTask(minPatternLength: 3, maxPatternLength: 6, repeats: 4)
    let symbols = Array(40..<60)

    /// Starts of the copies and the pattern, found by the kinds: a later copy is one random token, then pattern ones.
    private func pattern(of body: MarkedTokens) -> [Int] {
        guard let end = body.kinds.firstIndex(of: .pattern) else { return [] }
        let size = body.kinds[end...].prefix { $0 == .pattern }.count + 1
        return Array(body.tokens[(end - 1)..<(end - 1 + size)])
    }

    @Test func onePatternStandsAsOftenAsAsked() throws {
        var sizes = Set<Int>()
        for body in bodies(400, task, length: 49, of: symbols) {
            #expect(body.tokens.count == 49 && Set(body.tokens).isSubset(of: symbols))
            let pattern = pattern(of: body)
            try #require(!pattern.isEmpty)
            sizes.insert(pattern.count)
            #expect(Set(pattern).count == pattern.count, "distinct tokens")
            let starts = (0...(49 - pattern.count)).filter {
                Array(body.tokens[$0..<($0 + pattern.count)]) == pattern
            }
            #expect(starts.count == 4)
            // The symbols of the pattern are nowhere else.
            #expect(body.tokens.count { pattern.contains($0) } == 4 * pattern.count)
            let expected = Set(starts.dropFirst().flatMap { ($0 + 1)..<($0 + pattern.count) })
            #expect(Set(body.kinds.indices.filter { body.kinds[$0] == .pattern }) == expected)
        }
        #expect(sizes == [3, 4, 5, 6], "every length comes up")
    }

    @Test func patternTokensAreCertain() {
        for body in bodies(200, task, length: 49, of: symbols, seed: 2) {
            for index in body.tokens.indices where body.kinds[index] == .pattern {
                #expect(body.isCertain(at: index))
            }
        }
    }

    @Test func copiesStandAnywhere() {
        // A sequence of one other token and two copies has three arrangements, a third of the sequences each.
        let task = PatternTask(minPatternLength: 2, maxPatternLength: 2, repeats: 2)
        var counts = [0, 0, 0]
        for body in bodies(6000, task, length: 5, of: symbols, seed: 3) {
            let pattern = pattern(of: body)
            counts[(body.tokens.firstIndex { !pattern.contains($0) } ?? 0) / 2] += 1
        }
        // 2000 each, standard deviation 37.
        #expect(counts.allSatisfy { (1850...2150).contains($0) }, "\(counts)")
    }

    @Test func otherTokensAreEquallyProbable() {
        // Two-token patterns of five symbols, twice: 96 other tokens a sequence, of the three symbols left.
        let task = PatternTask(minPatternLength: 2, maxPatternLength: 2, repeats: 2)
        var counts = [Int](repeating: 0, count: 5)
        for body in bodies(1000, task, length: 100, of: Array(0..<5), seed: 4) {
            let pattern = pattern(of: body)
            for token in body.tokens where !pattern.contains(token) { counts[token] += 1 }
        }
        // 19,200 each; which symbols are in the pattern varies most: standard deviation about 500.
        #expect(counts.allSatisfy { (17_200...21_200).contains($0) }, "\(counts)")
    }

    @Test func settingsThatDoNotFitAreErrors() {
        func error(_ minimum: Int, _ maximum: Int, _ repeats: Int, _ length: Int) -> TaskError? {
            let task = PatternTask(minPatternLength: minimum, maxPatternLength: maximum, repeats: repeats)
            return taskError(TrainingTask(.patterns(task), length: length), vocabulary(13))
        }
        #expect(error(2, 10, 3, 31) == nil, "12 symbols, 30 tokens after the first: just enough")
        #expect(
            error(1, 5, 2, 64) == .outOfRange(setting: "--min-pattern-length", value: 1, allowed: 2...1 << 20)
        )
        #expect(error(6, 5, 2, 64) == .patternLengthsReversed(minimum: 6, maximum: 5))
        #expect(
            error(2, 5, 1, 64) == .outOfRange(setting: "--n-repeats-per-seq", value: 1, allowed: 2...1 << 20)
        )
        #expect(error(2, 11, 2, 64) == .vocabularyTooSmall(.patterns, needed: 13, found: 12))
        #expect(error(2, 10, 3, 30) == .sequenceTooShort(.patterns, needed: 31, found: 30))
    }
}
