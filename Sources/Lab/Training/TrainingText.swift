// A text to train on: its tokens, and how they were made.
import Files
public import Formation
public import Foundation
import Tokenizers

/// A text in tokens.
public struct TrainingText: Sendable {
    /// The file, its hash and its tokenizer.
    public let source: TrainingConfig.TextSource
    /// Ids of the whole text.
    public let ids: [Int]
    /// Number of ids.
    public let vocabularySize: Int
}
