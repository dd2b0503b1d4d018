// Which heads an experiment is about, before the model is known.
public import Induction
import Torch
public import Transformers

/// All heads, some by name, or the highest by a score.
public enum HeadChoice: Codable, Equatable, Sendable {
    /// Every head.
    case all
    /// These.
    case listed(heads: [Head])
    /// The heads with the highest score on repeat prompts, the highest first.
    case highest(count: Int, score: HeadScore)

    /// The prompts that scores are taken on.
    static func scoredPrompts(seed: UInt64) -> PromptSource { .recipe(PromptRecipe(seed: seed)) }

    /// Those prompts as a model sees them; nil where no score is asked for.
    ///
    /// - Throws: `HeadChoiceError`.
    func scoredTokens(for model: OpenedModel, prependsBOS: Bool?, seed: UInt64) throws -> Tokens? {
        guard case .highest = self else { return nil }
        do {
            let tokens = try Self.scoredPrompts(seed: seed).tokens(for: model, prependsBOS: prependsBOS)
            try tokens.validate(for: model.config)
            return tokens
        } catch {
            throw HeadChoiceError.noScores(model: model.name, reason: "\(error)")
        }
    }

    /// The heads.
    ///
    /// - Parameter progress: called with prompts done and their number, where scores are taken.
    /// - Throws: `ComponentError` for a head that the model lacks, `HeadChoiceError`, `TokensError`.
    func heads(
        of model: LoadedModel,
        prependsBOS: Bool?,
        seed: UInt64,
        progress: (Int, Int) throws -> Void
    ) throws -> [Head] {
        let config = model.transformer.config
        switch self {
        case .all: return config.allHeads
        case .listed(let heads):
            let known = Set(config.allHeads)
            if let head = heads.first(where: { !known.contains($0) }) {
                throw ComponentError.noHead(
                    head,
                    model: model.opened.name,
                    layers: config.layers,
                    headsPerLayer: config.heads
                )
            }
            return heads
        case .highest(let count, let score):
            guard
                let tokens = try scoredTokens(for: model.opened, prependsBOS: prependsBOS, seed: seed)
            else { return [] }
            let scores = try scoreHeads(
                of: model.transformer,
                on: tokens,
                excluding: model.opened.specialTokenIDs,
                batchSize: model.compute.batchSize,
                seed: seed
            ) { try progress($0, tokens.count) }
            return scores.ranked(by: score).prefix(count).map(\.head)
        }
    }
}

/// Heads that cannot be chosen by a score.
public enum HeadChoiceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No prompts to score heads on.
    case noScores(model: String, reason: String)

    /// One paragraph: what was found, what to do.
    public var description: String {
        switch self {
        case .noScores(let model, let reason):
            """
            the heads of \(model) with the highest induction score cannot be found: \(reason) Name heads, with \
            --receivers L5H1,L6H0.
            """
        }
    }
}
