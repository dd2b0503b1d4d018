// Bigrams that hold in one sequence only (Bietti et al. 2023, "Birth of a Transformer: A Memory Viewpoint", section 3).
//
// For each sequence: `triggers` different tokens, and for each of them one output, drawn with replacement from the other
// symbols. The token after a trigger is its output; every other token is drawn from all symbols with equal
// probabilities. Bietti et al. draw these from the bigrams of English letters, of which a model can learn something
// without any context; here random tokens tell nothing, so that what is predicted is predicted from the sequence.
//
// Pattern token: the output after a trigger that has stood in the sequence before. The trigger was followed by it every
// time: certain. Random: all others, the output after a trigger's first occurrence among them.
import Induction

/// Triggers, each with its output.
public struct BigramTask: SyntheticTask, Codable, Equatable, Sendable {
    /// Number of triggers of a sequence.
    public var triggers: Int

    /// Five triggers, as Bietti et al. have, or as many as are asked for.
    public init(triggers: Int = 5) {
        self.triggers = triggers
    }

    func check(_ room: TaskRoom) throws(TaskError) {
        try require("--n-triggers", triggers, in: 1...TaskError.mostTokens)
        // Two others: a single one would be every trigger's output.
        try room.require(symbols: triggers + 2, for: .bigram)
        // A trigger and its output, twice.
        try room.require(tokens: 4, for: .bigram)
    }

    func body(_ length: Int, of symbols: [Int], using generator: inout SeededGenerator) -> MarkedTokens {
        let drawn = generator.shuffled(symbols)
        let others = drawn[triggers...]
        var outputs: [Int: Int] = [:]
        for trigger in drawn[..<triggers] {
            outputs[trigger] = others[generator.integer(in: others.indices)]
        }
        var body = MarkedTokens()
        var seen = Set<Int>()
        for _ in 0..<length {
            if let trigger = body.tokens.last, let output = outputs[trigger] {
                body.append(output, seen.insert(trigger).inserted ? .random : .pattern)
            } else {
                body.append(symbols[generator.integer(in: symbols.indices)], .random)
            }
        }
        return body
    }
}
