// What a causal experiment runs on: prompts, what is read from the predictions, and prompts of the same lengths in which
// the pattern is broken.
public import Transformers

/// A prediction that has a right answer.
public struct PredictionTarget: Sendable, Equatable, Codable {
    /// Where the prediction is made.
    public var cell: OutputCell
    /// The id that is right.
    public var answer: Int
    /// The id that the answer is compared with: the answer of the corrupted prompt, where there is one; nil takes the
    /// base run's most probable id other than the answer.
    public var foil: Int?

    /// All fields.
    public init(cell: OutputCell, answer: Int, foil: Int? = nil) {
        self.cell = cell
        self.answer = answer
        self.foil = foil
    }
}

/// Prompts with answers.
public struct CausalPrompts: Sendable, Equatable {
    /// The prompts.
    public var clean: Tokens
    /// The same prompts with the pattern broken, each as long as its clean one; nil where an experiment needs none.
    public var corrupted: Tokens?
    /// What is read, prompt by prompt; a prompt may have several.
    public var targets: [PredictionTarget]

    /// All fields.
    public init(clean: Tokens, corrupted: Tokens? = nil, targets: [PredictionTarget]) {
        self.clean = clean
        self.corrupted = corrupted
        self.targets = targets
    }
}
