// What can be wrong with the predictions that a lens or an attribution is asked to read.
public import Transformers

/// A prediction that cannot be read. Prompts and positions are counted from 0.
public enum LensError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An empty list.
    case noCells
    /// A prompt that is not there.
    case noSuchPrompt(OutputCell, prompts: Int)
    /// A position that the prompt does not have.
    case noSuchPosition(OutputCell, length: Int)
    /// A prompt without a prediction that is read.
    case notRead(prompt: Int)
    /// As many targets as cells are needed.
    case targetCount(found: Int, cells: Int)
    /// A target, answer or foil that the model does not have.
    case outsideVocabulary(id: Int, OutputCell, size: Int)
    /// Logits that are no numbers; row 0 is the embedding.
    case notFinite(layer: Int)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noCells:
            "there is no prediction to read; name at least one prompt and position."
        case .noSuchPrompt(let cell, let prompts):
            "prompt \(cell.prompt) does not exist; the last is \(prompts - 1)."
        case .noSuchPosition(let cell, let length):
            "prompt \(cell.prompt) has no position \(cell.position); its last is \(length - 1)."
        case .notRead(let prompt):
            "no prediction of prompt \(prompt) is read; choose another prompt, or read more positions."
        case .targetCount(let found, let cells):
            "\(found) targets for \(cells) predictions; give one token id for each prediction."
        case .outsideVocabulary(let id, let cell, let size):
            """
            prompt \(cell.prompt), position \(cell.position): the target id \(id) is outside the vocabulary, which ends at \
            \(size - 1); check that the ids were made by this model's tokenizer.
            """
        case .notFinite(let layer):
            """
            the logits of row \(layer) are not all finite; the weights are damaged, or activations overflow the type: run \
            in float32.
            """
        }
    }
}
