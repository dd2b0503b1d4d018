// What prompt generators may draw from.

/// The ids of a model's vocabulary as prompt generators see them.
public struct PromptVocabulary: Sendable {
    /// Ids that random sequences are drawn from: no special tokens, no padding of the vocabulary.
    public var ordinaryIDs: [Int]
    /// The token that prompts begin with; nil for none.
    public var bosTokenID: Int?
    /// The single id of a word in running text (with its leading space, where the vocabulary has one), or nil where
    /// the word is not one token.
    public var id: @Sendable (_ word: String) -> Int?

    /// All fields.
    public init(
        ordinaryIDs: [Int],
        bosTokenID: Int?,
        id: @escaping @Sendable (_ word: String) -> Int? = { _ in nil }
    ) {
        self.ordinaryIDs = ordinaryIDs
        self.bosTokenID = bosTokenID
        self.id = id
    }
}
