// Prompts that a user brings, checked: what is read from them, and that clean and corrupted prompts fit.
import Transformers

extension CausalPrompts {
    /// Prompts as token ids, with answers where they are known.
    ///
    /// An answer is predicted after the last token of its prompt. Without answers, what is read are next tokens within
    /// the prompts. A target without a foil of the user's takes the corrupted prompt's own answer: where the answer
    /// can be copied in the clean prompt, what the same rule copies in the corrupted one, if it is another.
    ///
    /// - Parameters:
    ///   - clean: ids of each prompt, BOS among them where the model wants one.
    ///   - corrupted: the prompts with the pattern broken, aligned with the clean ones token by token.
    ///   - answers: one id a prompt.
    ///   - foils: one id a prompt, that its answer is compared with.
    ///   - positions: what is read.
    ///   - special: ids that are never copied.
    ///   - vocabularySize: ids that the model predicts.
    /// - Throws: `TokensError` for an empty list or prompt, `CausalPromptsError`.
    public init(
        clean: [[Int]],
        corrupted: [[Int]]? = nil,
        answers: [Int]? = nil,
        foils: [Int]? = nil,
        positions: ReadPositions,
        excluding special: Set<Int> = [],
        vocabularySize: Int
    ) throws {
        let tokens = try Tokens(clean)
        let given: [(CausalPromptsError.Part, Int?)] = [
            (.corrupted, corrupted?.count), (.answers, answers?.count), (.foils, foils?.count),
        ]
        for (part, count) in given {
            guard let count, count != clean.count else { continue }
            throw CausalPromptsError.countsDiffer(part, found: count, prompts: clean.count)
        }
        for (prompt, (row, other)) in zip(clean, corrupted ?? []).enumerated() where row.count != other.count
        {
            throw CausalPromptsError.lengthsDiffer(prompt: prompt, clean: row.count, corrupted: other.count)
        }
        for (part, ids) in [(CausalPromptsError.Part.answers, answers), (.foils, foils)] {
            for (prompt, id) in (ids ?? []).enumerated() where !(0..<vocabularySize).contains(id) {
                throw CausalPromptsError.outsideVocabulary(part, prompt: prompt, id: id, size: vocabularySize)
            }
        }
        if answers == nil {
            guard foils == nil else { throw CausalPromptsError.foilsWithoutAnswers }
            guard positions != .last else { throw CausalPromptsError.lastWithoutAnswers }
        }
        for (prompt, (answer, foil)) in zip(answers ?? [], foils ?? []).enumerated() where answer == foil {
            throw CausalPromptsError.answerIsFoil(prompt: prompt, id: answer)
        }

        var targets: [PredictionTarget] = []
        for (prompt, row) in clean.enumerated() {
            let extended = row + (answers.map { [$0[prompt]] } ?? [])
            let answered = answeredPositions(in: extended, excluding: special)
            let cue = answers == nil ? [] : [row.count - 1]
            let read =
                switch positions {
                case .last: cue
                case .targets: Set(answered.keys).union(cue).sorted()
                case .all: Array(extended.indices.dropLast())
                }
            let copied = corrupted.map { nearestSources(in: $0[prompt], excluding: special) }
            for position in read {
                let answer = extended[position + 1]
                var foil = position == row.count - 1 ? foils?[prompt] : nil
                if foil == nil, answered[position] != nil, let other = corrupted?[prompt],
                    let source = copied?[position], other[source + 1] != answer
                {
                    foil = other[source + 1]
                }
                targets.append(
                    PredictionTarget(
                        cell: OutputCell(prompt: prompt, position: position),
                        answer: answer,
                        foil: foil
                    )
                )
            }
        }
        guard !targets.isEmpty else { throw CausalPromptsError.noTargets(positions) }
        self.init(clean: tokens, corrupted: try corrupted.map(Tokens.init), targets: targets)
    }
}

/// The nearest earlier copy s of each position t that has one with s + 1 < t.
private func nearestSources(in tokens: [Int], excluding special: Set<Int>) -> [Int: Int] {
    let pairs = copyPairs(in: tokens, excluding: special).filter { $0.lag > 1 }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0.query, $0.source) })
}
