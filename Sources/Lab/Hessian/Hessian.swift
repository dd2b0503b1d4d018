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
    /// - Throws: `CurvatureError`, `MemoryError`, and what is wrong with the prompts.
    public func run(on model: LoadedModel, progress: StepProgress) throws -> HessianResult {
        let tokens = try prompts.tokens(for: model.opened, prependsBOS: prependsBOS)
        // Lanczos' process needs the digits of float32.
        var settings = settings
        if settings.dtype == nil, model.compute.dtype != .float32 { settings.dtype = .float32 }
        let blocks = try blocks.map { try model.transformer.parameterBlock(named: $0) }
        try model.transformer.checkVectors(
            min(settings.mostVectors, model.transformer.parameterCount),
            as: settings.dtype ?? model.transformer.dtype,
            free: model.transformer.device.freeMemory
        )
        let total = (blocks.count + 1) * settings.mostProducts
        let spectra = try withoutActuallyEscaping(progress) { progress in
            try ([nil] + blocks.map { [$0] }).enumerated().map { index, chosen in
                var products = 0
                return try Curvature(of: model.transformer, on: tokens, blocks: chosen, settings: settings) {
                    try progress(Self.command, index * settings.mostProducts + products, total)
                    products += 1
                }.spectrum
            }
        }
        try progress(Self.command, total, total)
        return HessianResult(
            model: model.opened.name,
            hessian: self,
            tokens: tokens,
            whole: spectra[0],
            parts: Array(spectra.dropFirst())
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
