// A Markov chain of its own for each sequence (Edelman et al. 2024, "The Evolution of Statistical Induction Heads:
// In-Context Learning Markov Chains", section 2).
//
// For each sequence: every symbol is a state, and its row of transition probabilities is drawn from the symmetric
// Dirichlet distribution; concentration 1, all rows equally probable, is Edelman et al.'s, less gives rows with few likely
// successors. The first state is drawn with equal probabilities (there: from the chain's stationary distribution).
//
// Pattern token: one whose state has been left before, that is, the token before it has stood earlier in the sequence:
// what followed there tells how probable it is. It is not certain: accuracy on pattern tokens has a ceiling well below 1,
// which depends on the number of states and on the concentration. Random: all others.
import Foundation
import Induction

/// A chain with one state a symbol.
public struct MarkovTask: SyntheticTask, Codable, Equatable, Sendable {
    /// Parameter of the Dirichlet distribution of each row.
    public var concentration: Double

    /// Rows drawn uniformly, as Edelman et al. have, or with the concentration that is asked for.
    public init(concentration: Double = 1) {
        self.concentration = concentration
    }

    func check(_ room: TaskRoom) throws(TaskError) {
        let allowed = 1e-3...1e3
        guard allowed.contains(concentration) else {
            throw .concentrationOutOfRange(concentration, allowed: allowed)
        }
        try room.require(symbols: 2, for: .markov)
        // The shortest that can come back to a state and leave it.
        try room.require(tokens: 3, for: .markov)
    }

    func body(_ length: Int, of symbols: [Int], using generator: inout SeededGenerator) -> MarkedTokens {
        // Rows of the states that have been left, as cumulative sums: the others need not be drawn.
        var rows: [Int: [Double]] = [:]
        var state = generator.integer(in: symbols.indices)
        var body = MarkedTokens()
        body.append(symbols[state], .random)
        for _ in 1..<length {
            let known = rows[state]
            let row = known ?? generator.cumulativeDirichlet(symbols.count, concentration: concentration)
            rows[state] = row
            state = generator.choice(ofCumulative: row)
            body.append(symbols[state], known == nil ? .random : .pattern)
        }
        return body
    }
}
