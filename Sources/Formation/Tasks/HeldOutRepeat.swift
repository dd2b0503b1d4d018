// The prompts that induction heads are scored on during training, whatever the task.
//
// `repeat` prompts (PromptRecipe): the token that begins a sequence if there is one, filler, a block, the block again; block
// and filler distinct, drawn from all of the vocabulary but that token; 50 tokens, blocks of 15 to 25. A smaller
// vocabulary or context gets the longest prompts that fit with blocks in the same proportion, 30% to 50%, of at least two
// different lengths: with one lag only, a head that looks a fixed distance back would score like an induction head.
public import Induction

extension PromptVocabulary {
    /// The ids of a model that is trained from nothing: all but the one that begins a sequence.
    public init(size: Int, bosTokenID: Int?) {
        self.init(ordinaryIDs: (0..<size).filter { $0 != bosTokenID }, bosTokenID: bosTokenID)
    }
}

extension PromptRecipe {
    /// The fixed `repeat` prompts for a model of this vocabulary and context.
    ///
    /// - Parameters:
    ///   - count: number of prompts.
    ///   - context: most tokens that the model takes, the one that begins a sequence counted.
    ///   - seed: of the prompts.
    /// - Throws: `TaskError.promptsDoNotFit` for less than 4 symbols or a context without room for 6.
    public static func heldOutRepeat(
        count: Int = 100,
        in vocabulary: PromptVocabulary,
        context: Int,
        seed: UInt64
    ) throws(TaskError) -> PromptRecipe {
        let begin = vocabulary.bosTokenID == nil ? 0 : 1
        let symbols = vocabulary.ordinaryIDs.count
        func fits(_ length: Int) -> Bool {
            let shortestBlock = (length * 3 + 9) / 10
            return length + begin <= context && shortestBlock < length / 2
                && length - shortestBlock <= symbols
        }
        guard let length = (1...PromptKind.repeat.defaultLength).last(where: fits) else {
            throw .promptsDoNotFit(
                symbols: symbols,
                context: context,
                neededSymbols: 4,
                neededContext: 6 + begin
            )
        }
        return PromptRecipe(kind: .repeat, count: count, length: length, seed: seed)
    }
}
