// Where the prompts of a causal experiment come from, and what is read from them: made by a recipe, mined from a text, or
// brought by the user; with the pattern broken where the experiment compares.
import Files
public import Foundation
public import Induction
public import Runs
import Tokenizers
import Transformers

/// The source of prompts with answers.
public struct CausalSource: Equatable, Sendable {
    /// Where prompts are from.
    public enum Origin: Equatable, Sendable {
        /// Made by a recipe.
        case recipe(PromptRecipe)
        /// Windows of a UTF-8 text in which an n-gram comes back.
        case natural(NaturalRecipe, corpus: URL)
        /// The user's.
        case files(Files)
    }

    /// Prompts that a user brings.
    public struct Files: Codable, Equatable, Sendable {
        /// The prompts.
        public var clean: PromptSource
        /// The same with the pattern broken.
        public var corrupted: PromptSource?
        /// What comes after each prompt.
        public var answers: Completions?
        /// What the answers are compared with.
        public var foils: Completions?

        /// All fields.
        public init(
            clean: PromptSource,
            corrupted: PromptSource? = nil,
            answers: Completions? = nil,
            foils: Completions? = nil
        ) {
            self.clean = clean
            self.corrupted = corrupted
            self.answers = answers
            self.foils = foils
        }
    }

    /// Where prompts are from.
    public var origin: Origin
    /// How corrupted prompts are made; nil makes none. The user's are as they are.
    public var corruption: Corruption?
    /// What is read; nil reads what the kind of prompts has: of the user's the answers, or every next token where there are
    /// none.
    public var positions: ReadPositions?
    /// Whether BOS stands before made prompts and texts; nil takes the family's habit.
    public var prependsBOS: Bool?

    /// All fields.
    public init(
        _ origin: Origin,
        corruption: Corruption? = nil,
        positions: ReadPositions? = nil,
        prependsBOS: Bool? = nil
    ) {
        self.origin = origin
        self.corruption = corruption
        self.positions = positions
        self.prependsBOS = prependsBOS
    }

    /// What is read, where `positions` says nothing too.
    public var readPositions: ReadPositions {
        if let positions { return positions }
        return switch origin {
        case .recipe(let recipe): recipe.kind.readPositions
        case .natural: .last
        case .files(let files): files.answers == nil ? .all : .last
        }
    }

    /// What figures and tables say about the prompts.
    public var description: String {
        switch origin {
        case .recipe(let recipe): PromptSource.recipe(recipe).description
        case .natural(_, let corpus): "natural prompts of \(corpus.lastPathComponent)"
        case .files(let files): files.clean.description
        }
    }

    /// The prompts as a model sees them, checked against its vocabulary and its context.
    ///
    /// - Throws: `CausalPromptsError`, `CompletionError`, `NaturalRecipeError`, `PromptFileError`, `FileError`, `JSONError`,
    ///   `PromptError`, `TokensError`, `TokenizerError`.
    public func prompts(for model: OpenedModel) throws -> CausalPrompts {
        let prompts = try unchecked(for: model)
        try prompts.clean.validate(for: model.config)
        try prompts.corrupted?.validate(for: model.config)
        return prompts
    }

    private func unchecked(for model: OpenedModel) throws -> CausalPrompts {
        let vocabulary = model.promptVocabulary(prependsBOS: prependsBOS)
        switch origin {
        case .recipe(let recipe):
            return try CausalPrompts(
                recipe,
                vocabulary: vocabulary,
                corruption: corruption,
                positions: positions
            )
        case .natural(let recipe, let corpus):
            return try CausalPrompts(
                recipe,
                corpus: model.tokenizer.encode(PromptSource.text(of: corpus)),
                bosTokenID: vocabulary.bosTokenID,
                excluding: model.specialTokenIDs,
                corruption: corruption,
                positions: readPositions
            )
        case .files(let files):
            func rows(_ source: PromptSource) throws -> [[Int]] {
                try source.tokens(for: model, prependsBOS: prependsBOS).rows
            }
            let clean = try rows(files.clean)
            func ids(_ completions: Completions?, as part: CausalPromptsError.Part) throws -> [Int]? {
                try completions?.ids(
                    as: part,
                    for: model,
                    promptCount: clean.count,
                    isText: files.clean.isText
                )
            }
            return try CausalPrompts(
                clean: clean,
                corrupted: files.corrupted.map(rows),
                answers: ids(files.answers, as: .answers),
                foils: ids(files.foils, as: .foils),
                positions: readPositions,
                excluding: model.specialTokenIDs,
                vocabularySize: model.config.vocabularySize
            )
        }
    }

    /// What a receipt lists: the files, and what has become of them.
    ///
    /// - Throws: as `prompts(for:)`.
    public func inputs(for model: OpenedModel) throws -> [Receipt.Input] {
        let prompts = try prompts(for: model)
        let targets = prompts.targets.map { target in
            [target.cell.prompt, target.cell.position, target.answer] + [target.foil].compactMap(\.self)
        }
        let digests = [
            FileDigest(ofTokens: prompts.clean.rows, name: "clean"),
            prompts.corrupted.map { FileDigest(ofTokens: $0.rows, name: "corrupted") },
            FileDigest(ofTokens: targets, name: "targets"),
        ]
        return try files.map { role, url in
            Receipt.Input(role: role, name: url.lastPathComponent, files: [try FileDigest(of: url)])
        } + [Receipt.Input(role: "tokens", name: model.name, files: digests.compactMap(\.self))]
    }

    /// The files that prompts are from, and what each is for.
    private var files: [(role: String, url: URL)] {
        switch origin {
        case .recipe: []
        case .natural(_, let corpus): [("corpus", corpus)]
        case .files(let files):
            [
                ("clean", files.clean.file), ("corrupted", files.corrupted?.file),
                ("answers", files.answers?.url),
                ("foils", files.foils?.url),
            ].compactMap { role, url in url.map { (role, $0) } }
        }
    }
}
