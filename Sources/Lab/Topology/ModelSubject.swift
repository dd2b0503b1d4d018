// What every result of a topology run says first: of which model, on which prompts, read how.
public import Induction
import Transformers

/// The model and the prompts that a result is about.
public struct ModelSubject: Codable, Equatable, Sendable {
    /// The model's label.
    public let model: String
    /// As `--model` named it.
    public let source: String
    /// Number of blocks.
    public let layers: Int
    /// Query heads a block.
    public let heads: Int
    /// What the prompts are.
    public let prompts: String
    /// How many.
    public let promptCount: Int
    /// Which score profiles are of.
    public let score: HeadScore
    /// Which earlier copies count.
    public let pairRule: PairRule

    init(_ reading: ModelReading, _ topology: Topology, _ index: Int) {
        model = topology.labels[index]
        source = topology.models[index]
        layers = reading.model.transformer.config.layers
        heads = reading.model.transformer.config.heads
        prompts = topology.prompts.description
        promptCount = reading.tokens.count
        score = topology.score
        pairRule = topology.rule
    }

    /// What a reader must know about intervals.
    var notes: [String] {
        promptCount < PromptBootstrap.reliablePromptCount
            ? [
                "Intervals from \(promptCount) prompts are approximate; "
                    + "\(PromptBootstrap.reliablePromptCount) or more make them reliable."
            ] : []
    }
}

/// What can be wrong with a score's profile.
public enum TopologyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Models whose results would have the same files.
    case sameName([String])
    /// The prompts have no position that the score could be read at.
    case nothingToScore(HeadScore, prompts: String)
    /// The prompts have too few different lags for the shuffled-antecedent null.
    case noNull(prompts: String)
    /// No prompt has a copy whose next token is a copy as well.
    case nothingToCopy(prompts: String)
    /// More heads to cut than the model has others to compare with.
    case tooManyHeads(wanted: Int, model: String, heads: Int)

    /// One paragraph: what was found, what to do.
    public var description: String {
        switch self {
        case .sameName(let names):
            "two of the models have one name (\(names.joined(separator: ", "))); give each its own with --labels."
        case .nothingToScore(let score, let prompts):
            "the \(prompts) have no position that \(score.rawValue) could be scored at; use prompts in which tokens repeat."
        case .noNull(let prompts):
            """
            the \(prompts) have too few different lags for the shuffled-antecedent null, which reads each prompt at the lags \
            of others; use prompts whose lag is drawn (repeat, abab, names without --lag).
            """
        case .nothingToCopy(let prompts):
            """
            the \(prompts) have no token that comes again with the same next token, so that there is no copying to measure; \
            use repeat, abab or names prompts.
            """
        case .tooManyHeads(let wanted, let model, let heads):
            "cannot cut \(wanted) heads of \(model), which has \(heads): fewer than --topk must be left to compare with."
        }
    }
}
