// Chains: rows from the Dirichlet distribution, tokens from the rows.
import Foundation
import Induction
import Testing

@testable import Formation

@Suite struct MarkovTaskTests {
    let symbols = Array(20..<25)

    @Test func patternTokensLeaveAStateThatHasBeenLeftBefore() {
        for body in bodies(200, MarkovTask(), length: 30, of: symbols) {
            #expect(body.tokens.count == 30 && Set(body.tokens).isSubset(of: symbols))
            for index in body.tokens.indices {
                #expect((body.kinds[index] == .pattern) == body.followsAKnownToken(at: index), "\(index)")
            }
        }
    }

    /// Two transitions out of one state agree with probability (a + 1) / (n a + 1): the second moments of a row.
    @Test(arguments: [1.0, 20])
    func successorsAgreeAsOftenAsTheConcentrationSays(concentration: Double) {
        let expected = (concentration + 1) / (5 * concentration + 1)
        var (agreeing, all) = (0, 0)
        for body in bodies(3000, MarkovTask(concentration: concentration), length: 300, of: symbols, seed: 2)
        {
            // The first two times that the first state is left: one pair a sequence, independent of the others.
            let times = body.tokens.indices.dropLast().filter { body.tokens[$0] == body.tokens[0] }.prefix(2)
            guard let first = times.first, let second = times.last, first != second else { continue }
            all += 1
            if body.tokens[first + 1] == body.tokens[second + 1] { agreeing += 1 }
        }
        // In so many tokens nearly all come back: those that do not would change the share.
        #expect(all > 2990)
        let share = Double(agreeing) / Double(all)
        #expect((share - expected).magnitude < 0.032, "\(share) of \(all)")  // 4 standard errors
    }

    @Test(arguments: [0.05, 0.7, 1, 3.5])
    func rowsHaveTheMomentsOfTheDirichletDistribution(concentration: Double) {
        var generator = SeededGenerator(seed: 5)
        let (states, draws) = (4, 20_000)
        var (sum, squares) = (0.0, 0.0)
        for _ in 0..<draws {
            let row = generator.cumulativeDirichlet(states, concentration: concentration)
            #expect(zip(row, row.dropFirst()).allSatisfy { $0 <= $1 } && row.allSatisfy(\.isFinite))
            let share = (row[2] - row[1]) / row[3]
            sum += share
            squares += share * share
        }
        let mean = sum / Double(draws)
        let variance = squares / Double(draws) - mean * mean
        // Of a symmetric Dirichlet variable's component: mean 1 / n, variance (n - 1) / (n^2 (n a + 1)).
        let expected = 3 / (16 * (4 * concentration + 1))
        #expect((mean - 0.25).magnitude < 4 * (expected / Double(draws)).squareRoot(), "\(mean)")
        #expect((variance / expected - 1).magnitude < 0.05, "\(variance), expected \(expected)")
    }

    @Test func choicesComeInProportion() {
        var generator = SeededGenerator(seed: 6)
        var counts = [0, 0, 0, 0]
        for _ in 0..<20_000 { counts[generator.choice(ofCumulative: [0.5, 0.5, 3, 5])] += 1 }
        #expect(counts[1] == 0)
        // 2000, 10000 and 8000, standard deviations 42, 71, 69.
        #expect((1830...2170).contains(counts[0]) && (9700...10_300).contains(counts[2]), "\(counts)")
    }

    @Test func settingsThatDoNotFitAreErrors() {
        func error(_ concentration: Double, _ length: Int = 4, size: Int = 3) -> TaskError? {
            taskError(
                TrainingTask(.markov(MarkovTask(concentration: concentration)), length: length),
                vocabulary(size)
            )
        }
        #expect(error(1) == nil, "2 symbols, 3 tokens after the first: just enough")
        #expect(error(0) == .concentrationOutOfRange(0, allowed: 0.001...1000))
        if case .concentrationOutOfRange(let value, _) = error(.nan) {
            #expect(value.isNaN)
        } else {
            Issue.record("not a number is no concentration")
        }
        #expect(error(1, size: 2) == .vocabularyTooSmall(.markov, needed: 2, found: 1))
        #expect(error(1, 3) == .sequenceTooShort(.markov, needed: 4, found: 3))
    }
}
