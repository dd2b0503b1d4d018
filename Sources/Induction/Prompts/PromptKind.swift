// The constructions that prompts are made by.
//
//   repeat   BOS, filler, a block, the block again; block and filler distinct, lag (block length) drawn per prompt
//   abab     letters: a block of the lag's length, repeated to the end (seed 000)
//   names    the same with names (seed 000)
//   bigram   A B, noise, A in letters (seed 004)
//   letters, words, numbers   prefix, A B, filler, A (seed 002)
//   abca     random ids; the last token copies one half way (seed 001)
//   multitoken   filler, A b1 ... bk, filler, A b1 ... b(k-1); where the block stands is drawn per prompt

/// Kinds of generated prompts.
public enum PromptKind: String, Sendable, CaseIterable, Codable {
    /// A random block, twice.
    case `repeat`
    /// Letters in a block that repeats to the end.
    case abab
    /// Names in a block that repeats to the end.
    case names
    /// `A B`, noise, `A`, in letters.
    case bigram
    /// Prefix, `A B`, filler, `A`, in letters.
    case letters
    /// Prefix, `A B`, filler, `A`, in words.
    case words
    /// Prefix, `A B`, filler, `A`, in digits.
    case numbers
    /// Random ids; the last repeats an earlier one.
    case abca
    /// Filler, `A b1 ... bk`, filler, `A b1 ... b(k-1)`: k predictions that copy.
    case multitoken

    /// Tokens a prompt, BOS not counted, where nothing else is asked for.
    public var defaultLength: Int {
        switch self {
        case .repeat, .multitoken: 50
        case .abab, .names: 128
        case .bigram: 35
        case .letters, .words, .numbers: 11
        case .abca: 21
        }
    }

    /// Whether the distance between the two copies can be chosen.
    public var takesLag: Bool {
        switch self {
        case .repeat, .abab, .names: true
        case .bigram, .letters, .words, .numbers, .abca, .multitoken: false
        }
    }

    var alphabet: Alphabet? {
        switch self {
        case .repeat, .abca, .multitoken: nil
        case .abab, .bigram, .letters: .letters
        case .names: .names
        case .words: .words
        case .numbers: .numbers
        }
    }
}
