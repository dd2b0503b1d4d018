// Errors of prompt generators.

/// What can be wrong with a recipe.
public enum PromptError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A count below one.
    case noPrompts
    /// Too few tokens for the construction.
    case tooShort(PromptKind, length: Int, minimum: Int)
    /// A lag for a kind whose lag follows from its length.
    case fixedLag(PromptKind)
    /// A lag that the length has no room for.
    case lagOutOfRange(PromptKind, lag: Int, allowed: ClosedRange<Int>)
    /// Copied tokens below one.
    case nothingCopied
    /// A number of copied tokens for a kind that copies one, or a block.
    case fixedCopied(PromptKind)
    /// Not enough distinct ids.
    case vocabularyTooSmall(PromptKind, needed: Int, found: Int)
    /// The vocabulary does not have the words as single tokens.
    case missingWords(PromptKind, alphabet: String, found: Int, needed: Int)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .noPrompts:
            "the number of prompts must be at least 1."
        case .tooShort(let kind, let length, let minimum):
            "\(kind.rawValue) prompts of \(length) tokens: at least \(minimum) are needed."
        case .fixedLag(let kind):
            "the lag of \(kind.rawValue) prompts follows from their length; choose the length, or repeat, abab or names."
        case .lagOutOfRange(let kind, let lag, let allowed):
            """
            lag \(lag) does not fit \(kind.rawValue) prompts of this length, which have room for \
            \(allowed.lowerBound) to \(allowed.upperBound); choose another lag or longer prompts.
            """
        case .nothingCopied:
            "the number of copied tokens must be at least 1."
        case .fixedCopied(let kind):
            """
            \(kind.rawValue) prompts take no number of copied tokens; leave it away, or choose multitoken prompts.
            """
        case .vocabularyTooSmall(.multitoken, let needed, let found):
            """
            multitoken prompts need \(needed) different tokens, the vocabulary has \(found); copy fewer tokens.
            """
        case .vocabularyTooSmall(let kind, let needed, let found):
            """
            \(kind.rawValue) prompts need \(needed) different tokens, the vocabulary has \(found); choose shorter \
            prompts or, where a lag is given, a larger one.
            """
        case .missingWords(let kind, let alphabet, let found, let needed):
            """
            \(kind.rawValue) prompts need \(alphabet) that are single tokens; this model's vocabulary has \(found), \
            at least \(needed) are needed. Use --prompts-kind repeat, or prompts of your own.
            """
        }
    }
}
