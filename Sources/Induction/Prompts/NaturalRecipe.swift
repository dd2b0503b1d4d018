// Prompts mined from real text: windows that end where a pair of tokens comes back.
//
// A window of L tokens ends with A; A stands once more in it, followed by B, and B is what comes next in the text. B is
// not A. With `ngram` = n above 2 the n - 2 tokens before both A's agree too: an n-gram comes back. The two n-grams do
// not overlap, and no special token is in a window. A model may predict B because the bigram is frequent: the effect of
// breaking the first occurrence is what tells copying from knowing.

/// How to mine prompts from a text.
public struct NaturalRecipe: Sendable, Equatable, Codable {
    /// Number of prompts.
    public var count: Int
    /// Tokens a prompt, BOS not counted.
    public var length: Int
    /// Tokens of the repeated n-gram, the answer among them: 2 or more.
    public var ngram: Int
    /// Of the choice among all windows.
    public var seed: UInt64

    /// All fields.
    public init(count: Int = 100, length: Int = 64, ngram: Int = 2, seed: UInt64 = 0) {
        self.count = count
        self.length = length
        self.ngram = ngram
        self.seed = seed
    }

    /// The windows of a text: where each begins; it ends `length` tokens later, before its answer.
    ///
    /// Windows overlap one another only where too few others are left.
    ///
    /// - Throws: `PromptError.noPrompts`, `NaturalRecipeError`.
    func windows(in corpus: [Int], excluding special: Set<Int>) throws -> [Int] {
        guard count > 0 else { throw PromptError.noPrompts }
        guard ngram >= 2 else { throw NaturalRecipeError.ngramTooShort(ngram) }
        guard length >= 2 * ngram - 1 else {
            throw NaturalRecipeError.windowTooShort(length: length, ngram: ngram, minimum: 2 * ngram - 1)
        }
        var generator = SeededGenerator(seed: seed)
        let found = generator.shuffled(candidates(in: corpus, excluding: special))
        guard found.count >= count else {
            throw NaturalRecipeError.tooFewRepeats(
                found: found.count,
                wanted: count,
                tokens: corpus.count,
                recipe: self
            )
        }
        // Windows that touch no other lie in different slots of their own length, answer included.
        let size = length + 1
        var slots: [Int: Int] = [:]
        var (apart, overlapping): ([Int], [Int]) = ([], [])
        for start in found {
            let slot = start / size
            if (slot - 1...slot + 1).allSatisfy({ slots[$0].map { abs($0 - start) >= size } ?? true }) {
                slots[slot] = start
                apart.append(start)
                if apart.count == count { break }
            } else {
                overlapping.append(start)
            }
        }
        return Array((apart + overlapping).prefix(count))
    }

    /// Beginnings of all windows that end on a cue, in the text's order.
    private func candidates(in corpus: [Int], excluding special: Set<Int>) -> [Int] {
        var latest: [Int: Int] = [:]
        // The occurrence before each, -1 for none.
        var previous = [Int](repeating: -1, count: corpus.count)
        var afterSpecial = 0
        var found: [Int] = []
        for (position, token) in corpus.enumerated() {
            if special.contains(token) { afterSpecial = position + 1 }
            let source = latest.updateValue(position, forKey: token) ?? -1
            previous[position] = source
            // The window that ends before this token.
            let (cue, start) = (position - 1, position - length)
            guard start >= afterSpecial, token != corpus[cue] else { continue }
            let earlier = previous[cue]
            guard earlier - (ngram - 2) >= start, previous[earlier] < start,
                earlier + 1 < cue - (ngram - 2), corpus[earlier + 1] == token,
                (1..<ngram - 1).allSatisfy({ corpus[earlier - $0] == corpus[cue - $0] })
            else { continue }
            found.append(start)
        }
        return found
    }
}

/// What can be wrong with mining a text.
public enum NaturalRecipeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Less than a cue and its answer.
    case ngramTooShort(Int)
    /// No room for an n-gram and its return.
    case windowTooShort(length: Int, ngram: Int, minimum: Int)
    /// Not enough windows in the text.
    case tooFewRepeats(found: Int, wanted: Int, tokens: Int, recipe: NaturalRecipe)
    /// A window that holds every token of the text.
    case noReplacement(prompt: Int)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .ngramTooShort(let ngram):
            "a repeated n-gram of \(ngram) tokens: at least 2 are needed, a cue and its answer."
        case .windowTooShort(let length, let ngram, let minimum):
            """
            natural prompts of \(length) tokens have no room for an n-gram of \(ngram) and its return; at least \(minimum) \
            are needed.
            """
        case .tooFewRepeats(let found, let wanted, let tokens, let recipe):
            """
            the text of \(tokens) tokens has \(found) windows of \(recipe.length) tokens that end where an n-gram of \
            \(recipe.ngram) comes back, \(wanted) are wanted; give a longer text, longer prompts, or ask for fewer.
            """
        case .noReplacement(let prompt):
            """
            natural prompt \(prompt) holds every token that the text has, so there is none to replace one by; give a \
            longer text or choose shorter prompts.
            """
        }
    }
}
