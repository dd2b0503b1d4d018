// What can be wrong with prompts and components of a causal experiment.

/// Prompts, targets or positions that an experiment cannot run on. Prompts, positions and targets are counted from 0.
public enum EffectError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which id of a target.
    public enum Role: String, Sendable {
        /// The right one.
        case answer
        /// The one that it is compared with.
        case foil
    }

    /// A target of a prompt that is not there.
    case noSuchPrompt(target: Int, prompt: Int, count: Int)
    /// A target behind the end of its prompt.
    case noSuchPosition(prompt: Int, position: Int, length: Int)
    /// A prompt without a target.
    case noTarget(prompt: Int)
    /// An id that the model does not have.
    case outsideVocabulary(Role, prompt: Int, id: Int, size: Int)
    /// A logit difference between a token and itself.
    case foilIsAnswer(prompt: Int, id: Int)
    /// Patching without corrupted prompts.
    case noCorrupted
    /// Clean and corrupted prompts that are not in pairs.
    case unpaired(clean: Int, corrupted: Int)
    /// A pair of unequal lengths.
    case lengthsDiffer(prompt: Int, clean: Int, corrupted: Int)
    /// A prompt that no other prompt of its length can lend an activation to.
    case nothingToResample(prompt: Int, length: Int)
    /// Reference prompts that have no activation at the last positions.
    case referenceTooShort(reference: Int, needed: Int)
    /// A position that a prompt does not have.
    case positionBeyondPrompt(position: Int, prompt: Int, length: Int)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noSuchPrompt(let target, let prompt, let count):
            "target \(target) belongs to prompt \(prompt), the last of the prompts is \(count - 1); give one list of both."
        case .noSuchPosition(let prompt, let position, let length):
            """
            prompt \(prompt): a prediction is read at position \(position), the last position is \(length - 1); choose a \
            position of the prompt.
            """
        case .noTarget(let prompt):
            "prompt \(prompt) has no target; give every prompt an answer."
        case .outsideVocabulary(let role, let prompt, let id, let size):
            """
            prompt \(prompt): the \(role.rawValue), token id \(id), is outside the vocabulary, which ends at \(size - 1); \
            check that the ids were made by this model's tokenizer.
            """
        case .foilIsAnswer(let prompt, let id):
            """
            prompt \(prompt): token id \(id) is answer and foil, so their logits never differ; choose another foil, or \
            the metric loss or prob.
            """
        case .noCorrupted:
            "there are no corrupted prompts; patching needs one of equal length for each clean prompt."
        case .unpaired(let clean, let corrupted):
            "there are \(clean) clean and \(corrupted) corrupted prompts; give one corrupted prompt for each clean one."
        case .lengthsDiffer(let prompt, let clean, let corrupted):
            """
            prompt \(prompt) has \(clean) tokens, its corrupted prompt \(corrupted); an activation is moved between equal \
            positions, so give both the same number of tokens.
            """
        case .nothingToResample(let prompt, let length):
            """
            prompt \(prompt) is the only one of \(length) tokens; resampling takes the activation of another prompt of the \
            same length, so give at least two of each length.
            """
        case .referenceTooShort(let reference, let needed):
            """
            the longest reference prompt has \(reference) tokens, the longest prompt \(needed); a mean by position needs \
            a reference prompt that reaches every position. Give longer ones, or take the mean over positions too.
            """
        case .positionBeyondPrompt(let position, let prompt, let length):
            """
            position \(position) does not exist in prompt \(prompt), whose last position is \(length - 1); choose positions \
            that all prompts have, or prompts of one length.
            """
        }
    }
}
