// Flags win over the file.

/// What flags say; nil leaves a setting as it is.
public struct SettingsOverrides: Equatable, Sendable {
    /// For ``Settings/model``.
    public var model: String?
    /// For ``Settings/device``.
    public var device: ComputeDevice?
    /// For ``Settings/dtype``.
    public var dtype: ComputeType?
    /// For ``Settings/sequenceLength``.
    public var sequenceLength: Int?
    /// For ``Settings/batchSize``.
    public var batchSize: Int?
    /// For ``Settings/seed``.
    public var seed: UInt64?
    /// For ``Settings/Prompts/count``.
    public var promptCount: Int?
    /// For ``Settings/Prompts/sequenceLength``.
    public var promptLength: Int?
    /// For ``Settings/Prompts/lags``.
    public var lags: [Int]?
    /// For ``Settings/Prompts/mix``.
    public var mix: Settings.TaskMix?
    /// For ``Settings/Evaluation/quantile``.
    public var quantile: Double?
    /// For ``Settings/Evaluation/bootstrapResamples``.
    public var bootstrapResamples: Int?
    /// For ``Settings/Evaluation/topK``.
    public var topK: [Int]?
    /// For ``Settings/Evaluation/randomDraws``.
    public var randomDraws: Int?

    /// No flag.
    public init() {}
}

extension Settings {
    /// These settings where `flags` say nothing, else what they say.
    public func overridden(by flags: SettingsOverrides) -> Settings {
        var result = self
        result.model = flags.model ?? model
        result.device = flags.device ?? device
        result.dtype = flags.dtype ?? dtype
        result.sequenceLength = flags.sequenceLength ?? sequenceLength
        result.batchSize = flags.batchSize ?? batchSize
        result.seed = flags.seed ?? seed
        result.prompts.count = flags.promptCount ?? prompts.count
        result.prompts.sequenceLength = flags.promptLength ?? prompts.sequenceLength
        result.prompts.lags = flags.lags ?? prompts.lags
        result.prompts.mix = flags.mix ?? prompts.mix
        result.evaluation.quantile = flags.quantile ?? evaluation.quantile
        result.evaluation.bootstrapResamples = flags.bootstrapResamples ?? evaluation.bootstrapResamples
        result.evaluation.topK = flags.topK ?? evaluation.topK
        result.evaluation.randomDraws = flags.randomDraws ?? evaluation.randomDraws
        return result
    }
}
