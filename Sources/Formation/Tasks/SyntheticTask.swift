// What the constructions of sequences have in common.
import Induction

/// A construction that makes sequences out of nothing but symbols.
protocol SyntheticTask: Encodable, Sendable {
    /// Throws where the settings do not go together, with the length of what follows the beginning token, or with the
    /// number of symbols.
    func check(_ room: TaskRoom) throws(TaskError)

    /// A sequence without the token that begins it.
    ///
    /// - Parameters:
    ///   - length: number of tokens.
    ///   - symbols: ids to write with.
    func body(_ length: Int, of symbols: [Int], using generator: inout SeededGenerator) -> MarkedTokens
}

/// What a construction has to do with.
struct TaskRoom {
    /// Tokens of a sequence.
    var length: Int
    /// Whether the first of them is the token that begins it.
    var hasBOS: Bool
    /// Ids to write with.
    var symbols: Int

    /// Tokens that the construction writes.
    var bodyLength: Int { length - (hasBOS ? 1 : 0) }

    /// Throws unless there are so many symbols.
    func require(symbols needed: Int, for task: TaskKind) throws(TaskError) {
        guard symbols >= needed else {
            throw .vocabularyTooSmall(task, needed: needed, found: symbols)
        }
    }

    /// Throws unless there is room for so many tokens beside the one that begins the sequence.
    func require(tokens needed: Int, for task: TaskKind) throws(TaskError) {
        guard bodyLength >= needed else {
            throw .sequenceTooShort(task, needed: needed + length - bodyLength, found: length)
        }
    }
}

/// Throws unless a setting is in its range.
func require(_ setting: String, _ value: Int, in allowed: ClosedRange<Int>) throws(TaskError) {
    guard allowed.contains(value) else { throw .outOfRange(setting: setting, value: value, allowed: allowed) }
}

/// Throws unless two pattern lengths are a range.
func requirePatternLengths(_ minimum: Int, _ maximum: Int) throws(TaskError) {
    try require("--min-pattern-length", minimum, in: 2...TaskError.mostTokens)
    try require("--max-pattern-length", maximum, in: 2...TaskError.mostTokens)
    guard minimum <= maximum else { throw .patternLengthsReversed(minimum: minimum, maximum: maximum) }
}

/// Tokens, and of what kind each is as a prediction.
struct MarkedTokens {
    private(set) var tokens: [Int] = []
    private(set) var kinds: [PredictionKind] = []

    mutating func append(_ token: Int, _ kind: PredictionKind) {
        tokens.append(token)
        kinds.append(kind)
    }
}
