// Prompts of a recipe with their answers, and with the pattern broken.
import Transformers

extension CausalPrompts {
    /// Prompts of a recipe, each cut so that it ends on a cue whose answer is known.
    ///
    /// All are of one length, but for streams whose block is longer than its alphabet. Replacements are drawn from what
    /// the kind's prompts consist of: ids that the prompt does not have, where there are enough; else ids that are not
    /// of the pattern; else any other ids.
    ///
    /// - Parameters:
    ///   - recipe: the construction; its seed also fixes the replacements.
    ///   - vocabulary: of the model.
    ///   - corruption: how the corrupted prompts break the pattern; nil makes none.
    ///   - positions: what is read; nil takes the kind's. With a corruption, `targets` are the predictions that it
    ///     breaks: of a stream those of its last block.
    /// - Throws: `PromptError`, `CausalPromptsError.noCue`.
    public init(
        _ recipe: PromptRecipe,
        vocabulary: PromptVocabulary,
        corruption: Corruption? = nil,
        positions: ReadPositions? = nil
    ) throws {
        let special = Set([vocabulary.bosTokenID].compactMap { $0 })
        let prompts = try recipe.draw(from: vocabulary).enumerated().map { index, drawn in
            if let answer = drawn.answer {
                return CuedPrompt(tokens: drawn.tokens, answer: answer, special: special)
            }
            guard let cue = answeredPositions(in: drawn.tokens, excluding: special).keys.max() else {
                throw CausalPromptsError.noCue(recipe.kind, prompt: index)
            }
            return CuedPrompt(
                tokens: Array(drawn.tokens[...cue]),
                answer: drawn.tokens[cue + 1],
                special: special
            )
        }
        let symbols = try recipe.symbols(from: vocabulary)
        // Not the stream that the prompts came from.
        var generator = SeededGenerator(seed: ~recipe.seed)
        try self.init(prompts, corruption, positions ?? recipe.kind.readPositions) { replaced, index in
            let prompt = prompts[index]
            let pattern = Set(replaced).union(prompt.extended.suffix(replaced.count + 1))
            let pools = [Set(prompt.extended), pattern].lazy.map { taken in
                symbols.filter { !taken.contains($0) }
            }
            if let pool = pools.first(where: { $0.count >= replaced.count }) {
                return Dictionary(
                    uniqueKeysWithValues: zip(replaced, generator.sample(replaced.count, of: pool))
                )
            }
            // Each by the next of a random circle.
            let circle = generator.shuffled(symbols)
            return Dictionary(uniqueKeysWithValues: zip(circle, circle.dropFirst() + circle.prefix(1)))
        }
    }

    /// Prompts with answers, replaced where a corruption says.
    ///
    /// - Parameter replacing: another id for each of some distinct ids of one of the prompts.
    init(
        _ prompts: [CuedPrompt],
        _ corruption: Corruption?,
        _ positions: ReadPositions,
        replacing: (_ ids: [Int], _ prompt: Int) throws -> [Int: Int]
    ) throws {
        var targets: [PredictionTarget] = []
        var corrupted: [[Int]] = []
        for (index, prompt) in prompts.enumerated() {
            let tokens = prompt.extended
            let cue = prompt.tokens.count - 1
            let answered = answeredPositions(in: tokens, excluding: prompt.special)
            let run = positions == .last ? cue..<cue + 1 : prompt.run(in: answered)
            var foils: [Int: Int] = [:]
            if let corruption {
                let places = corruption.places(in: prompt, breaking: run)
                let others = try replacing(Set(places.map { tokens[$0] }).sorted(), index)
                var broken = prompt.tokens
                for place in places { broken[place] = others[broken[place]] ?? broken[place] }
                corrupted.append(broken)
                if corruption == .second {
                    for query in run { foils[query] = others[tokens[query + 1]] }
                }
            }
            let read =
                switch positions {
                case .last: [cue]
                case .targets: corruption == nil ? (Set(answered.keys).union([cue])).sorted() : Array(run)
                case .all: Array(prompt.tokens.indices)
                }
            targets += read.map {
                PredictionTarget(
                    cell: OutputCell(prompt: index, position: $0),
                    answer: tokens[$0 + 1],
                    foil: foils[$0]
                )
            }
        }
        self.init(
            clean: try Tokens(prompts.map(\.tokens)),
            corrupted: corruption == nil ? nil : try Tokens(corrupted),
            targets: targets
        )
    }
}
