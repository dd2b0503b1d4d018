// Two runs that differ in one thing: what path patching and attribution patching compare.
import Foundation
public import Induction
import JSON
import Torch
import Transformers

/// Clean and corrupted prompts, what is read from their predictions, and which of the two runs is changed.
public struct Comparison: Codable, Equatable, Sendable {
    /// The prompts, corrupted ones among them.
    public var prompts: CausalSource
    /// What is read.
    public var metric: OutputMetric
    /// Which run is changed.
    public var direction: PatchingDirection

    /// Made prompts where nobody names others: the first A of `A B ... A` is another, so that what tells B's position
    /// about A is what is missing.
    ///
    /// - Parameters:
    ///   - corruption: how they are corrupted; nil for no corrupted ones.
    ///   - seed: of the prompts.
    public static func madePrompts(
        count: Int = 64,
        corruption: Corruption? = .first,
        seed: UInt64 = 42
    ) -> CausalSource {
        CausalSource(.recipe(PromptRecipe(kind: .bigram, count: count, seed: seed)), corruption: corruption)
    }

    /// All fields.
    public init(
        prompts: CausalSource = Comparison.madePrompts(),
        metric: OutputMetric = .logitDiff,
        direction: PatchingDirection = .denoising
    ) {
        self.prompts = prompts
        self.metric = metric
        self.direction = direction
    }

    /// A change of the metric with its unit, for axes.
    var changeText: String {
        switch metric {
        case .logitDiff: "change of logit difference"
        case .loss: "change of loss (nats)"
        case .prob: "change of the answer's probability"
        case .kl: "change of divergence from the clean prediction (nats)"
        }
    }

    /// What JSON says of the prompts.
    func promptsJSON(count: Int) -> JSONValue {
        [
            "source": .string(prompts.description),
            "corruption": prompts.corruption.map { .string($0.rawValue) } ?? .null,
            "count": .int(count),
        ]
    }

    /// What titles say of the prompts.
    func promptText(count: Int) -> String {
        let broken =
            switch prompts.corruption {
            case .first: "the first A replaced"
            case .second: "the B after the first A replaced"
            case .cue: "the last A replaced"
            case nil: "beside their corrupted ones"
            }
        return "\(count) \(prompts.description), \(broken)"
    }
}

/// A comparison on a model: prompts made, answers and foils settled.
struct ComparedRuns {
    /// The metric with its targets.
    let metric: TargetMetric
    /// The run that is changed.
    let base: Tokens
    /// The run that changes come from.
    let other: Tokens
    /// The clean prompts, one of the two.
    let clean: Tokens

    /// - Throws: `EffectError`, and what is wrong with the prompts.
    init(_ comparison: Comparison, on model: LoadedModel) throws {
        let prompts = try comparison.prompts.prompts(for: model.opened)
        guard let corrupted = prompts.corrupted else { throw EffectError.noCorrupted }
        clean = prompts.clean
        metric = try TargetMetric([comparison.metric], of: prompts, in: model.transformer)
        let isDenoising = comparison.direction == .denoising
        base = isDenoising ? corrupted : clean
        other = isDenoising ? clean : corrupted
    }

    /// Number of prompts.
    var count: Int { base.count }

    /// Predictions that are read of one prompt, at most.
    var readPerPrompt: Int { Set(metric.cells.map(\.position)).count }
}

/// The metric's means in the two runs that are compared.
public struct ComparedLevels: Equatable, Sendable {
    /// On the clean prompts; nil where a value is no number.
    public let clean: Double?
    /// On the corrupted prompts; nil where a value is no number.
    public let corrupted: Double?

    /// - Parameters:
    ///   - base: of the run that is changed, by prompt.
    ///   - other: of the run that changes come from, by prompt.
    init(base: [Double], other: [Double], _ direction: PatchingDirection) {
        let levels = [base, other].map { $0.mean.flatMap { $0.isFinite ? $0 : nil } }
        clean = direction == .denoising ? levels[1] : levels[0]
        corrupted = direction == .denoising ? levels[0] : levels[1]
    }

    /// Of the run that is changed.
    func base(_ direction: PatchingDirection) -> Double? { direction == .denoising ? corrupted : clean }

    /// Such as `clean 8.912, corrupted 0.031`.
    var text: String { "clean \(clean.fixed), corrupted \(corrupted.fixed)" }
}

extension Double? {
    /// Three decimals, or a dash; what rounds to zero has no sign.
    var fixed: String { decimals("%.3f") }

    /// Three decimals behind a sign, or a dash; what rounds to zero has no sign.
    var signed: String { decimals("%+.3f") }

    private func decimals(_ format: String) -> String {
        guard let value = self else { return Estimate.missing }
        let text = String(format: format, value)
        return text.drop { "+-".contains($0) } == "0.000" ? "0.000" : text
    }
}
