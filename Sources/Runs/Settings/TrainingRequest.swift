// What a user asks of a training run: each setting or nil. Flags go over a file, a file over a preset.

/// A training run as it is asked for. The fields are called in files as the flags are, with underscores.
public struct TrainingRequest: Equatable, Sendable {
    /// Preset that all else is taken from: `quick`, `default` or `shakespeare-char`.
    public var preset: String?
    /// `patterns`, `repeat`, `bigram`, `markov` or `text`.
    public var task: String?
    /// The text, for the text task.
    public var textFile: String?
    /// A directory with a tokenizer; characters where there is none.
    public var tokenizer: String?
    /// Number of ids, the one that begins sequences among them.
    public var vocabularySize: Int?
    /// Tokens a sequence, that one counted.
    public var length: Int?
    /// Blocks.
    public var layers: Int?
    /// Heads of each.
    public var heads: Int?
    /// Width of the residual stream.
    public var dModel: Int?
    /// Width of the MLPs; 0 for attention alone.
    public var dMLP: Int?
    /// `learned`, `sinusoidal`, `rotary` or `none`.
    public var positions: String?
    /// Whether keys are mixed with those before them.
    public var smearsKeys: Bool?
    /// Standard deviation of the maps that read the residual stream, at the start.
    public var deviation: Double?
    /// Updates.
    public var steps: Int?
    /// Sequences an update.
    public var batchSize: Int?
    /// Largest learning rate.
    public var learningRate: Double?
    /// Updates until it is reached.
    public var warmUpSteps: Int?
    /// Whether the learning rate goes down again, in half a cosine to a tenth.
    public var usesSchedule: Bool?
    /// Of AdamW.
    public var weightDecay: Double?
    /// Largest length of all gradients as one vector.
    public var gradientClip: Double?
    /// Share of activations that an update leaves out.
    public var dropout: Double?
    /// Updates from one evaluation to the next.
    public var evaluationInterval: Int?
    /// Held-out sequences of an evaluation.
    public var evaluationCount: Int?
    /// Updates from one look at the curvature to the next; 0 for none.
    public var curvatureInterval: Int?
    /// Sequences that the Hessian is of.
    public var curvatureCount: Int?
    /// Eigenvalues at each end.
    public var topEigenvalues: Int?
    /// Updates from one checkpoint to the next.
    public var checkpointInterval: Int?
    /// Size of a fixed pool of sequences; 0 makes fresh ones.
    public var sequences: Int?
    /// Shortest pattern or block.
    public var minPatternLength: Int?
    /// Longest pattern or block.
    public var maxPatternLength: Int?
    /// How often a pattern comes.
    public var repeats: Int?
    /// Triggers of the bigram task.
    public var triggers: Int?
    /// Of the Markov task's rows.
    public var concentration: Double?
    /// Of weights, batches and dropout.
    public var seed: UInt64?

    /// Nothing.
    public init() {}

    /// What is asked for here, and where nothing is, what `base` asks for.
    public func over(_ base: TrainingRequest) -> TrainingRequest {
        var result = base
        result.preset = preset ?? base.preset
        result.task = task ?? base.task
        result.textFile = textFile ?? base.textFile
        result.tokenizer = tokenizer ?? base.tokenizer
        result.vocabularySize = vocabularySize ?? base.vocabularySize
        result.length = length ?? base.length
        result.layers = layers ?? base.layers
        result.heads = heads ?? base.heads
        result.dModel = dModel ?? base.dModel
        result.dMLP = dMLP ?? base.dMLP
        result.positions = positions ?? base.positions
        result.smearsKeys = smearsKeys ?? base.smearsKeys
        result.deviation = deviation ?? base.deviation
        result.steps = steps ?? base.steps
        result.batchSize = batchSize ?? base.batchSize
        result.learningRate = learningRate ?? base.learningRate
        result.warmUpSteps = warmUpSteps ?? base.warmUpSteps
        result.usesSchedule = usesSchedule ?? base.usesSchedule
        result.weightDecay = weightDecay ?? base.weightDecay
        result.gradientClip = gradientClip ?? base.gradientClip
        result.dropout = dropout ?? base.dropout
        result.evaluationInterval = evaluationInterval ?? base.evaluationInterval
        result.evaluationCount = evaluationCount ?? base.evaluationCount
        result.curvatureInterval = curvatureInterval ?? base.curvatureInterval
        result.curvatureCount = curvatureCount ?? base.curvatureCount
        result.topEigenvalues = topEigenvalues ?? base.topEigenvalues
        result.checkpointInterval = checkpointInterval ?? base.checkpointInterval
        result.sequences = sequences ?? base.sequences
        result.minPatternLength = minPatternLength ?? base.minPatternLength
        result.maxPatternLength = maxPatternLength ?? base.maxPatternLength
        result.repeats = repeats ?? base.repeats
        result.triggers = triggers ?? base.triggers
        result.concentration = concentration ?? base.concentration
        result.seed = seed ?? base.seed
        return result
    }
}
