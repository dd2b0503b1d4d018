// What can be wrong with the prompts of a causal experiment.

/// Prompts, answers and foils that do not fit. Prompts are counted from 0.
public enum CausalPromptsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a user gives beside the prompts.
    public enum Part: String, Sendable {
        /// Prompts with the pattern broken.
        case corrupted
        /// Right ids.
        case answers
        /// Ids to compare with.
        case foils
    }

    /// Not one for each prompt.
    case countsDiffer(Part, found: Int, prompts: Int)
    /// A prompt and its corrupted one of different lengths.
    case lengthsDiffer(prompt: Int, clean: Int, corrupted: Int)
    /// An answer or foil that the model does not have.
    case outsideVocabulary(Part, prompt: Int, id: Int, size: Int)
    /// Nothing to tell apart.
    case answerIsFoil(prompt: Int, id: Int)
    /// Foils of answers that are not there.
    case foilsWithoutAnswers
    /// The prediction after the last token, without a right one.
    case lastWithoutAnswers
    /// Nothing to read.
    case noTargets(ReadPositions)
    /// A made prompt in which nothing can be copied.
    case noCue(PromptKind, prompt: Int)

    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .countsDiffer(let part, let found, let prompts):
            """
            \(part == .corrupted ? "corrupted prompts" : part.rawValue): \(found) for \(prompts) \
            prompts; give one for each prompt, in the same order.
            """
        case .lengthsDiffer(let prompt, let clean, let corrupted):
            """
            prompt \(prompt) has \(clean) tokens, its corrupted one \(corrupted); the two must align token by token, so \
            replace words by words of as many tokens, or give token ids.
            """
        case .outsideVocabulary(let part, let prompt, let id, let size):
            """
            \(part.rawValue), prompt \(prompt): token id \(id) is outside the vocabulary, which ends at \(size - 1); check \
            that the ids were made by this model's tokenizer.
            """
        case .answerIsFoil(let prompt, let id):
            "prompt \(prompt): the answer and the foil are the same token, \(id); give another foil."
        case .foilsWithoutAnswers:
            "there are foils but no answers; give the answers that they are compared with."
        case .lastWithoutAnswers:
            """
            the prediction after a prompt's last token has no answer to compare with; give answers, one a prompt, or \
            read predictions within the prompts, with --positions targets or --positions all.
            """
        case .noTargets(.all):
            "no prompt has a second token, so there is no answer to read; give longer prompts, or answers."
        case .noTargets:
            """
            no position of the prompts has an answer: nowhere does a pair of tokens come back; read every next token \
            with --positions all, or give answers.
            """
        case .noCue(let kind, let prompt):
            """
            \(kind.rawValue) prompt \(prompt) has no pair of tokens that comes back, so nothing in it can be copied; choose \
            longer prompts or a smaller lag.
            """
        }
    }
}
