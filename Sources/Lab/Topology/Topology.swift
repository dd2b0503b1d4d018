// Induction topology: where in depth the heads of one or several models sit, with nulls and a causal check.
//
// An experiment is a value: the same value gives the same results. Every model is read once: one forward pass a batch of
// prompts, from whose patterns all that a question needs is summed.
public import Induction

/// What is asked about the place of heads in depth, of which models, with which prompts and numbers.
public struct Topology: Codable, Equatable, Sendable {
    /// What is asked.
    public enum Question: String, Codable, Sendable, CaseIterable {
        /// The profile of each model.
        case profile
        /// The profiles of two models over relative depth.
        case crosssize
        /// The profiles of any number of models over relative depth.
        case multisize
        /// The profile against the shuffled-antecedent null and the head permutation.
        case nulls
        /// What cutting the highest heads does to copying, against random heads.
        case causal
        /// The profile of short lags beside that of long ones.
        case lagbuckets
    }

    /// What is asked.
    public var question: Question
    /// Models, as `--model` names them.
    public var models: [String]
    /// What results and figures call them; empty until they are opened and nobody named them.
    public var labels: [String]
    /// Where prompts come from. Recipes are made anew for each vocabulary, with the same draws.
    public var prompts: PromptSource
    /// Whether BOS stands before them; nil takes the family's habit.
    public var prependsBOS: Bool?
    /// The score that profiles are of.
    public var score = HeadScore.induction
    /// Which earlier copies count.
    public var rule = PairRule.nearest
    /// A layer's value is the mean of its heads from this quantile up.
    public var quantile = 0.9
    /// Resamples of prompts behind each interval.
    public var resamples = 1000
    /// How many of the highest heads are cut, one test for each number.
    public var topK = [3]
    /// Random sets of heads that each is compared with.
    public var randomDraws = 30
    /// The longest short lag.
    public var shortMax = 8
    /// Of all that is drawn at random.
    public var seed: UInt64 = 0
    /// How models run.
    public var compute = Compute()

    /// A question about models; everything else is as usual until it is set.
    ///
    /// - Parameter labels: as many as models; none takes the models' own names.
    public init(_ question: Question, models: [String], labels: [String] = [], prompts: PromptSource) {
        precondition(labels.isEmpty || labels.count == models.count, "one label a model")
        self.question = question
        self.models = models
        self.labels = labels
        self.prompts = prompts
    }

    /// How heads become a layer's value.
    public var reduction: LayerReduction { .top(quantile: quantile) }

    /// Lag ranges that profiles are taken apart by.
    var buckets: [LagBucket] { question == .lagbuckets ? LagBucket.shortAndLong(shortMax: shortMax) : [] }
}

/// A model's name as part of a file's name: `/` becomes `--`.
public func fileName(_ model: String) -> String {
    model.replacing("/", with: "--")
}
