// The curvature of the loss of a model on a batch: both ends of the Hessian's spectrum, its trace and density.
//
// Quantities, ranges and sources: `Formation/Curvature`. The batch is fixed, and eigenvalues of the mean over few
// sequences are larger than over many.
public import Formation
public import Induction
public import Runs
import Torch
public import Transformers

/// Which batch, which parameters, how much of the spectrum.
public struct Hessian: Analysis {
    /// The command.
    public static let command = "hessian"

    /// The batch.
    public var prompts: PromptSource
    /// Whether BOS stands before each; nil takes the family's habit.
    public var prependsBOS: Bool?
    /// Blocks of parameters that are looked at each by itself, besides all together.
    public var blocks: [String]
    /// How much of the spectrum.
    public var settings: CurvatureSettings
    /// Of the starts.
    public var seed: UInt64 { settings.lanczos.seed }

    /// Prompts where nobody names others.
    public static let promptCount = 8

    /// All fields.
    public init(
        prompts: PromptSource = .recipe(PromptRecipe(count: Hessian.promptCount)),
        prependsBOS: Bool? = nil,
        blocks: [String] = [],
        settings: CurvatureSettings = CurvatureSettings()
    ) {
        self.prompts = prompts
        self.prependsBOS = prependsBOS
        self.blocks = blocks
        self.settings = settings
    }

    /// The batch.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        [.tokens(try prompts.tokens(for: model, prependsBOS: prependsBOS), of: model)]
    }

    /// Runs model and gradient once a spectrum, and a product for each step of it.
    ///
    /// - Throws: `CurvatureError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> HessianResult {
        let tokens = try prompts.tokens(for: model.opened, prependsBOS: prependsBOS)
        // Lanczos' process needs the digits of float32.
        var settings = settings
        if settings.dtype == nil, model.compute.dtype != .float32 { settings.dtype = .float32 }
        let blocks = try blocks.map { try model.transformer.parameterBlock(named: $0) }
        let total = blocks.count + 1
        try progress(Self.command, 0, total)
        let whole = try Curvature(of: model.transformer, on: tokens, settings: settings).spectrum
        let parts = try blocks.enumerated().map { index, block in
            try progress(Self.command, index + 1, total)
            return try Curvature(of: model.transformer, on: tokens, blocks: [block], settings: settings)
                .spectrum
        }
        try progress(Self.command, total, total)
        return HessianResult(
            model: model.opened.name,
            hessian: self,
            tokens: tokens,
            whole: whole,
            parts: parts
        )
    }
}

/// What was found of the curvature.
public struct HessianResult: AnalysisResult, Sendable {
    /// The model's name.
    public let model: String
    /// What was asked.
    public let hessian: Hessian
    /// The batch.
    public let tokens: Tokens
    /// Of all parameters.
    public let whole: Spectrum
    /// Of each block that was named.
    public let parts: [Spectrum]

    /// What a reader must know about the numbers.
    public var notes: [String] {
        Spectrum.notes(on: [whole] + parts)
    }
}
