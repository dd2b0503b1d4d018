// The defaults of the experiments, as settings.yaml has them.
//
// Keys and nesting are those of the induction-topology tool that these experiments come from.

/// What an experiment uses where no flag says otherwise.
public struct Settings: Equatable, Sendable, Codable {
    /// The model of commands that are not given one; nil: the bundled default.
    public var model: String?
    /// Where to compute.
    public var device = ComputeDevice.auto
    /// The type of weights and activations, before ``ComputeType/resolved(on:)``.
    public var dtype = ComputeType.float32
    /// Most tokens of a prompt, BOS counted: longer ones are cut, shorter ones padded on the right.
    public var sequenceLength = 256
    /// Prompts a forward pass.
    public var batchSize = 8
    /// Of everything that is drawn at random.
    public var seed: UInt64 = 0
    /// How prompts are made.
    public var prompts = Prompts()
    /// Statistics and causal tests.
    public var evaluation = Evaluation()

    /// The defaults.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case model, device, dtype, seed, prompts, evaluation
        case sequenceLength = "seq_len"
        case batchSize = "batch_size"
    }

    /// How prompts are made.
    public struct Prompts: Equatable, Sendable, Encodable {
        /// Number of prompts.
        public var count = 400
        /// Tokens of a made prompt, BOS counted; nil: as many as ``Settings/sequenceLength``.
        public var sequenceLength: Int?
        /// Distances of a token and its earlier copy. Each prompt draws one; a value that is there twice is drawn twice as
        /// often.
        public var lags = [4, 8, 16, 32, 64]
        /// How many prompts of each kind.
        public var mix = TaskMix()

        /// The defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case count = "n_sequences"
            case sequenceLength = "seq_len"
            case lags = "lag_values"
            case mix
        }
    }

    /// Shares of the kinds of prompts; they need not add up to 1.
    public struct TaskMix: Equatable, Sendable, Encodable {
        /// Of streams of letters.
        public var abab = 0.5
        /// Of streams of names.
        public var names = 0.5

        /// Half and half.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case abab = "ABAB"
            case names = "NAMES"
        }
    }

    /// Statistics and causal tests.
    public struct Evaluation: Equatable, Sendable, Encodable {
        /// A layer's value is the mean of its heads from this quantile up, 0 to below 1.
        public var quantile = 0.9
        /// Resamples of prompts behind each interval.
        public var bootstrapResamples = 1000
        /// How many of the top heads a causal test cuts, one test for each.
        public var topK = [3]
        /// Random sets of heads that each is compared with.
        public var randomDraws = 30

        /// The defaults.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable {
            case quantile
            case bootstrapResamples = "bootstrap_resamples"
            case topK = "topk"
            case randomDraws = "random_draws"
        }
    }
}
