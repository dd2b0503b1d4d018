// A random stream in which a pattern comes back.
//
// For each sequence: a pattern of distinct tokens, its length drawn from min...max with equal probabilities; it stands at
// `repeats` places, all sets of places without overlap equally probable; every other token is drawn, with replacement,
// from the symbols that are not in the pattern.
//
// Pattern token: in the second copy and every later one, each token but the copy's first. The token before it has stood
// in the sequence, and was followed by it every time: certain. Random: all others, a copy's first token and all of the
// first copy among them. That the symbols of the pattern are in the pattern only is what makes it certain: were they
// drawn elsewhere too, the last earlier occurrence would often be the wrong one.
//
// Accuracy on pattern tokens is no proof of an induction head. Short patterns that come often can be learned without one:
// two attention-only layers of four heads reached 0.97 on patterns of 4 to 10 tokens, five times in 64, with no head above
// 0.06 on `repeat` prompts.
import Induction

/// A pattern among random tokens.
public struct PatternTask: SyntheticTask, Codable, Equatable, Sendable {
    /// Tokens of the shortest pattern: 2 or more.
    public var minPatternLength: Int
    /// Tokens of the longest pattern.
    public var maxPatternLength: Int
    /// How often a pattern stands in its sequence: 2 or more.
    public var repeats: Int

    /// All fields.
    public init(minPatternLength: Int, maxPatternLength: Int, repeats: Int) {
        self.minPatternLength = minPatternLength
        self.maxPatternLength = maxPatternLength
        self.repeats = repeats
    }

    func check(_ room: TaskRoom) throws(TaskError) {
        try requirePatternLengths(minPatternLength, maxPatternLength)
        try require("--n-repeats-per-seq", repeats, in: 2...TaskError.mostTokens)
        // Two others: a single one would not be random.
        try room.require(symbols: maxPatternLength + 2, for: .patterns)
        try room.require(tokens: repeats * maxPatternLength, for: .patterns)
    }

    func body(_ length: Int, of symbols: [Int], using generator: inout SeededGenerator) -> MarkedTokens {
        let size = generator.integer(in: minPatternLength..<maxPatternLength + 1)
        let drawn = generator.shuffled(symbols)
        let (pattern, others) = (drawn[..<size], drawn[size...])
        // A place is one other token or a whole copy.
        let places = length - repeats * (size - 1)
        let copies = Set(generator.sample(repeats, of: Array(0..<places)))
        var body = MarkedTokens()
        var isSeen = false
        for place in 0..<places {
            if copies.contains(place) {
                for (index, token) in pattern.enumerated() {
                    body.append(token, isSeen && index > 0 ? .pattern : .random)
                }
                isSeen = true
            } else {
                body.append(others[generator.integer(in: others.indices)], .random)
            }
        }
        return body
    }
}
