// Prompt generators: a recipe is a value, and the same recipe on the same vocabulary gives the same prompts.
//
//   repeat   BOS, filler, a block, the block again; block and filler distinct, lag (block length) drawn per prompt
//   abab     letters: a block of the lag's length, repeated to the end (seed 000)
//   names    the same with names (seed 000)
//   bigram   A B, noise, A in letters (seed 004)
//   letters, words, numbers   prefix, A B, filler, A (seed 002)
//   abca     random ids; the last token copies one half way (seed 001)

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

    /// Tokens a prompt, BOS not counted, where nothing else is asked for.
    public var defaultLength: Int {
        switch self {
        case .repeat: 50
        case .abab, .names: 128
        case .bigram: 35
        case .letters, .words, .numbers: 11
        case .abca: 21
        }
    }

    /// Fewest tokens, BOS not counted, that the construction needs.
    var minimumLength: Int { self == .repeat || self == .abca ? 4 : 3 }

    /// Whether the distance between the two copies can be chosen.
    public var takesLag: Bool {
        switch self {
        case .repeat, .abab, .names: true
        case .bigram, .letters, .words, .numbers, .abca: false
        }
    }

    var alphabet: Alphabet? {
        switch self {
        case .repeat, .abca: nil
        case .abab, .bigram, .letters: .letters
        case .names: .names
        case .words: .words
        case .numbers: .numbers
        }
    }
}

/// How to make a set of prompts.
public struct PromptRecipe: Sendable, Equatable, Codable {
    /// The construction.
    public var kind: PromptKind
    /// Number of prompts.
    public var count: Int
    /// Tokens a prompt, BOS not counted; nil takes the kind's default.
    public var length: Int?
    /// Distance of the two copies; nil draws it for each prompt.
    public var lag: Int?
    /// What streams draw their distance from; one that is there twice is drawn twice as often.
    public var lags: [Int]
    /// Whether streams are seed 000's own: random tokens with one token every lag places. They have no bigram to
    /// complete.
    public var isLiteral: Bool
    /// Of the random draws.
    public var seed: UInt64

    /// All fields.
    public init(
        kind: PromptKind = .repeat,
        count: Int = 100,
        length: Int? = nil,
        lag: Int? = nil,
        lags: [Int] = PromptRecipe.streamLags,
        isLiteral: Bool = false,
        seed: UInt64 = 0
    ) {
        self.kind = kind
        self.count = count
        self.length = length
        self.lag = lag
        self.lags = lags
        self.isLiteral = isLiteral
        self.seed = seed
    }

    /// Lags that the streams of seed 000 draw from.
    public static let streamLags = [4, 8, 16, 32, 64]

    /// Makes the prompts: [prompt][position], BOS first where the vocabulary has one.
    ///
    /// - Throws: `PromptError` when the numbers do not fit together or the vocabulary lacks words.
    public func prompts(for vocabulary: PromptVocabulary) throws -> [[Int]] {
        let length = self.length ?? kind.defaultLength
        try validate(length: length)
        let symbols = try symbols(from: vocabulary)
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in
            let body = try body(length, symbols, &generator)
            return (vocabulary.bosTokenID.map { [$0] } ?? []) + body
        }
    }

    private func validate(length: Int) throws {
        guard count > 0 else { throw PromptError.noPrompts }
        guard length >= kind.minimumLength else {
            throw PromptError.tooShort(kind, length: length, minimum: kind.minimumLength)
        }
        guard let lag else { return }
        guard kind.takesLag else { throw PromptError.fixedLag(kind) }
        let longest = kind == .repeat ? length / 2 : length - 1
        guard (2...max(2, longest)).contains(lag) else {
            throw PromptError.lagOutOfRange(kind, lag: lag, allowed: 2...max(2, longest))
        }
    }

    private func symbols(from vocabulary: PromptVocabulary) throws -> [Int] {
        guard let alphabet = kind.alphabet else {
            guard vocabulary.ordinaryIDs.count >= 2 else {
                throw PromptError.vocabularyTooSmall(kind, needed: 2, found: vocabulary.ordinaryIDs.count)
            }
            return vocabulary.ordinaryIDs
        }
        let ids = alphabet.members.compactMap(vocabulary.id)
        let needed = 4
        guard ids.count >= needed else {
            throw PromptError.missingWords(
                kind,
                alphabet: alphabet.rawValue,
                found: ids.count,
                needed: needed
            )
        }
        return ids
    }

    private func body(_ length: Int, _ symbols: [Int], _ generator: inout SeededGenerator) throws -> [Int] {
        switch kind {
        case .repeat:
            // 15...25 at the default length of 50, and in that proportion at others. Filler and block are
            // length - block distinct tokens: a small vocabulary leaves only the longer blocks.
            let longest = length / 2
            let shortest = max((length * 3 + 9) / 10, length - symbols.count)
            guard length - (lag ?? longest) <= symbols.count else {
                throw PromptError.vocabularyTooSmall(
                    kind,
                    needed: length - (lag ?? longest),
                    found: symbols.count
                )
            }
            let block = lag ?? generator.integer(in: shortest..<longest + 1)
            let drawn = generator.sample(length - block, of: symbols)
            return drawn + drawn.suffix(block)
        case .abab, .names:
            let fitting = lags.filter { (2..<length).contains($0) }
            let choices = fitting.isEmpty ? [2] : fitting
            let period = lag ?? choices[generator.integer(in: choices.indices)]
            if isLiteral {
                let repeated = generator.sample(1, of: symbols)[0]
                let others = symbols.filter { $0 != repeated }
                return (0..<length).map {
                    $0 % period == 0 ? repeated : others[generator.integer(in: others.indices)]
                }
            }
            let block = generator.draw(period, of: symbols)
            return (0..<length).map { block[$0 % period] }
        case .bigram:
            let pair = generator.sample(2, of: symbols)
            let noise = generator.draw(length - 3, of: symbols.filter { !pair.contains($0) })
            return pair + noise + [pair[0]]
        case .letters, .words, .numbers:
            let pair = generator.sample(2, of: symbols)
            let others = generator.draw(length - 3, of: symbols.filter { !pair.contains($0) })
            let prefix = (others.count + 1) / 2
            return others[..<prefix] + pair + others[prefix...] + [pair[0]]
        case .abca:
            let drawn = (0..<length - 1).map { _ in symbols[generator.integer(in: symbols.indices)] }
            return drawn + [drawn[(length - 1) / 2]]
        }
    }
}

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
