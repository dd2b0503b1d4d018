// What can be wrong with a task's settings.

/// Settings that do not fit together. Settings are named by their flags.
public enum TaskError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number outside its range.
    case outOfRange(setting: String, value: Int, allowed: ClosedRange<Int>)
    /// A number outside its range.
    case concentrationOutOfRange(Double, allowed: ClosedRange<Double>)
    /// A shortest pattern that is longer than the longest.
    case patternLengthsReversed(minimum: Int, maximum: Int)
    /// Not enough different tokens beside the one that begins a sequence.
    case vocabularyTooSmall(TaskKind, needed: Int, found: Int)
    /// No room for what a sequence has to hold, the token that begins it counted.
    case sequenceTooShort(TaskKind, needed: Int, found: Int)
    /// A text whose validation part holds no window.
    case textTooShort(tokens: Int, needed: Int, window: Int)
    /// A pool of generated sequences for a task that generates none.
    case poolOfText(Int)
    /// A model too small for the prompts that induction heads are scored on.
    case promptsDoNotFit(symbols: Int, context: Int, neededSymbols: Int, neededContext: Int)

    /// More than any sequence, pattern or vocabulary needs: larger numbers are mistyped.
    static let mostTokens = 1 << 20

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .outOfRange(let setting, let value, let allowed):
            "\(setting) is \(value); give a number from \(allowed.lowerBound) to \(allowed.upperBound)."
        case .concentrationOutOfRange(let value, let allowed):
            "--concentration is \(value); give a number from \(allowed.lowerBound) to \(allowed.upperBound)."
        case .patternLengthsReversed(let minimum, let maximum):
            """
            --min-pattern-length is \(minimum) and --max-pattern-length is \(maximum); give a minimum that is not above \
            the maximum.
            """
        case .vocabularyTooSmall(let task, let needed, let found):
            """
            the \(task.rawValue) task needs \(needed) different tokens with these settings, the vocabulary has \(found) \
            beside the one that begins a sequence; raise --vocab-size\(task.vocabularyRemedy).
            """
        case .sequenceTooShort(let task, let needed, let found):
            """
            the \(task.rawValue) task needs sequences of at least \(needed) tokens with these settings, --seq-length is \
            \(found); raise it\(task.lengthRemedy).
            """
        case .textTooShort(let tokens, let needed, let window):
            """
            the text has \(tokens) tokens; its last tenth is kept for validation and must hold a window of --seq-length \
            \(window), which takes \(needed) tokens in all; give a longer text or lower --seq-length.
            """
        case .poolOfText(let sequences):
            """
            --n-sequences is \(sequences), but the text task takes windows of its text and generates no sequences; \
            leave it away.
            """
        case .promptsDoNotFit(let symbols, let context, let neededSymbols, let neededContext):
            """
            the prompts that induction heads are scored on need \(neededSymbols) different tokens beside the one that \
            begins a sequence and a context of \(neededContext), the model has \(symbols) and \(context); raise \
            --vocab-size or --seq-length, or give a text of more different tokens.
            """
        }
    }
}

extension TaskKind {
    fileprivate var vocabularyRemedy: String {
        switch self {
        case .patterns, .repeat: " or lower --max-pattern-length"
        case .bigram: " or lower --n-triggers"
        case .markov, .text: ""
        }
    }

    fileprivate var lengthRemedy: String {
        switch self {
        case .patterns: ", or lower --max-pattern-length or --n-repeats-per-seq"
        case .repeat: " or lower --max-pattern-length"
        case .bigram, .markov, .text: ""
        }
    }
}
