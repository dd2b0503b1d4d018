// Prompt generators: a recipe is a value, and the same recipe on the same vocabulary gives the same prompts.

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
    /// Tokens that `multitoken` prompts copy; nil takes `standardCopied`.
    public var copied: Int?
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
        copied: Int? = nil,
        seed: UInt64 = 0
    ) {
        self.kind = kind
        self.count = count
        self.length = length
        self.lag = lag
        self.lags = lags
        self.isLiteral = isLiteral
        self.copied = copied
        self.seed = seed
    }

    /// Lags that the streams of seed 000 draw from.
    public static let streamLags = [4, 8, 16, 32, 64]

    /// Tokens that `multitoken` prompts copy where nothing else is asked for.
    public static let standardCopied = 4

    /// Makes the prompts: [prompt][position], BOS first where the vocabulary has one.
    ///
    /// - Throws: `PromptError` when the numbers do not fit together or the vocabulary lacks words.
    public func prompts(for vocabulary: PromptVocabulary) throws -> [[Int]] {
        try draw(from: vocabulary).map(\.tokens)
    }

    /// Makes the prompts with what is known of them.
    func draw(from vocabulary: PromptVocabulary) throws -> [DrawnPrompt] {
        let length = self.length ?? kind.defaultLength
        try validate(length: length)
        let symbols = try symbols(from: vocabulary)
        var generator = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in
            var prompt = try body(length, symbols, &generator)
            prompt.tokens.insert(contentsOf: vocabulary.bosTokenID.map { [$0] } ?? [], at: 0)
            return prompt
        }
    }

    private func validate(length: Int) throws {
        guard count > 0 else { throw PromptError.noPrompts }
        if let copied {
            guard kind == .multitoken else { throw PromptError.fixedCopied(kind) }
            guard copied > 0 else { throw PromptError.nothingCopied }
        }
        let minimum =
            switch kind {
            case .repeat, .abca: 4
            case .multitoken: 2 * copiedCount + 1
            case .abab, .names, .bigram, .letters, .words, .numbers: 3
            }
        guard length >= minimum else { throw PromptError.tooShort(kind, length: length, minimum: minimum) }
        guard let lag else { return }
        guard kind.takesLag else { throw PromptError.fixedLag(kind) }
        let longest = kind == .repeat ? length / 2 : length - 1
        guard (2...max(2, longest)).contains(lag) else {
            throw PromptError.lagOutOfRange(kind, lag: lag, allowed: 2...max(2, longest))
        }
    }

    private var copiedCount: Int { copied ?? Self.standardCopied }

    /// The ids that prompts of this kind consist of.
    func symbols(from vocabulary: PromptVocabulary) throws -> [Int] {
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

    private func body(_ length: Int, _ symbols: [Int], _ generator: inout SeededGenerator) throws
        -> DrawnPrompt
    {
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
            return DrawnPrompt(tokens: drawn + drawn.suffix(block))
        case .abab, .names:
            let fitting = lags.filter { (2..<length).contains($0) }
            let choices = fitting.isEmpty ? [2] : fitting
            let period = lag ?? choices[generator.integer(in: choices.indices)]
            if isLiteral {
                let repeated = generator.sample(1, of: symbols)[0]
                let others = symbols.filter { $0 != repeated }
                return DrawnPrompt(
                    tokens: (0..<length).map {
                        $0 % period == 0 ? repeated : others[generator.integer(in: others.indices)]
                    }
                )
            }
            let block = generator.draw(period, of: symbols)
            return DrawnPrompt(tokens: (0..<length).map { block[$0 % period] })
        case .bigram:
            let pair = generator.sample(2, of: symbols)
            let noise = generator.draw(length - 3, of: symbols.filter { !pair.contains($0) })
            return DrawnPrompt(tokens: pair + noise + [pair[0]], answer: pair[1])
        case .letters, .words, .numbers:
            let pair = generator.sample(2, of: symbols)
            let others = generator.draw(length - 3, of: symbols.filter { !pair.contains($0) })
            let prefix = (others.count + 1) / 2
            return DrawnPrompt(
                tokens: others[..<prefix] + pair + others[prefix...] + [pair[0]],
                answer: pair[1]
            )
        case .abca:
            let drawn = (0..<length - 1).map { _ in symbols[generator.integer(in: symbols.indices)] }
            let source = (length - 1) / 2
            return DrawnPrompt(tokens: drawn + [drawn[source]], answer: drawn[source + 1])
        case .multitoken:
            let copied = copiedCount
            let filler = length - 2 * copied - 1
            let needed = copied + 1 + min(filler, 1)
            guard symbols.count >= needed else {
                throw PromptError.vocabularyTooSmall(kind, needed: needed, found: symbols.count)
            }
            let block = generator.sample(copied + 1, of: symbols)  // A b1 ... bk
            let taken = Set(block)
            let others = generator.draw(filler, of: symbols.filter { !taken.contains($0) })
            let prefix = generator.integer(in: 0..<filler + 1)
            return DrawnPrompt(
                tokens: others[..<prefix] + block + others[prefix...] + block.dropLast(),
                answer: block[copied]
            )
        }
    }
}

/// A prompt as its construction knows it.
struct DrawnPrompt {
    /// Ids.
    var tokens: [Int]
    /// What comes after the last token; nil where the construction does not end on a cue.
    var answer: Int?
}
