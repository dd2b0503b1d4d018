// A block that repeats: what induction heads are for.
//
// For each sequence: one block of distinct tokens again and again until the sequence is full. The block's length, which
// is the lag, is drawn from min...max with equal probabilities: with one fixed lag, position alone solves the task.
//
// Pattern token: from the second token of the second block on. The token before it has stood in the sequence, and was
// followed by it every time: certain. Random: the first block, and the first token of the second, where nothing shows yet
// that the block is over.
import Induction

/// One block again and again.
public struct RepeatTask: SyntheticTask, Codable, Equatable, Sendable {
    /// Tokens of the shortest block: 2 or more.
    public var minPatternLength: Int
    /// Tokens of the longest block.
    public var maxPatternLength: Int

    /// All fields.
    public init(minPatternLength: Int, maxPatternLength: Int) {
        self.minPatternLength = minPatternLength
        self.maxPatternLength = maxPatternLength
    }

    func check(_ room: TaskRoom) throws(TaskError) {
        try requirePatternLengths(minPatternLength, maxPatternLength)
        try room.require(symbols: maxPatternLength, for: .repeat)
        try room.require(tokens: 2 * maxPatternLength, for: .repeat)
    }

    func body(_ length: Int, of symbols: [Int], using generator: inout SeededGenerator) -> MarkedTokens {
        let lag = generator.integer(in: minPatternLength..<maxPatternLength + 1)
        // All symbols are shuffled and not only as many as a block takes: the bundled models were trained on this stream.
        let block = generator.shuffled(symbols).prefix(lag)
        var body = MarkedTokens()
        for index in 0..<length { body.append(block[index % lag], index > lag ? .pattern : .random) }
        return body
    }
}
