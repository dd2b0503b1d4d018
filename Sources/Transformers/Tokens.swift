// Token ids of a batch of prompts, padded on the right.
import Torch

/// Prompts as token ids. Shorter ones are padded on the right; causal attention never looks at pads from a real
/// position, and nothing is scored at a pad.
public struct Tokens: Equatable, Sendable {
    /// Ids of each prompt, without pads.
    public let rows: [[Int]]

    /// At least one prompt of at least one token each.
    ///
    /// - Throws: `TokensError.noPrompts` or `.emptyPrompt`.
    public init(_ rows: [[Int]]) throws {
        guard !rows.isEmpty else { throw TokensError.noPrompts }
        if let empty = rows.firstIndex(where: \.isEmpty) { throw TokensError.emptyPrompt(empty) }
        self.rows = rows
    }

    /// Number of prompts.
    public var count: Int { rows.count }

    /// Tokens of the longest prompt.
    public var length: Int { rows.map(\.count).max() ?? 0 }

    /// Tokens of each prompt.
    public var lengths: [Int] { rows.map(\.count) }

    /// [batch, position], int64, pads 0; as long as the longest prompt, or longer.
    func tensor(on device: Device, length: Int? = nil) -> Tensor {
        let length = length ?? self.length
        let padded = rows.flatMap { $0 + Array(repeating: 0, count: length - $0.count) }
        return Tensor(padded, [count, length], device: device)
    }

    /// Batches of at most `size` prompts, in order.
    public func batches(of size: Int) -> [Tokens] {
        precondition(size > 0, "batch size \(size)")
        return stride(from: 0, to: count, by: size).map { start in
            Tokens(unchecked: Array(rows[start..<min(start + size, count)]))
        }
    }

    private init(unchecked rows: [[Int]]) {
        self.rows = rows
    }

    /// Checks that a model can run on these.
    ///
    /// - Throws: `TokensError` when an id is outside the vocabulary or a prompt is longer than the context.
    public func validate(for config: TransformerConfig) throws {
        for (prompt, row) in rows.enumerated() {
            if row.count > config.context {
                throw TokensError.tooLong(prompt: prompt, length: row.count, context: config.context)
            }
            if let position = row.firstIndex(where: { !(0..<config.vocabularySize).contains($0) }) {
                throw TokensError.outsideVocabulary(
                    prompt: prompt,
                    position: position,
                    id: row[position],
                    size: config.vocabularySize
                )
            }
        }
    }
}

/// What can be wrong with prompts as token ids. Prompts are counted from 0.
public enum TokensError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An empty list.
    case noPrompts
    /// A prompt without a token.
    case emptyPrompt(Int)
    /// More tokens than the model has positions.
    case tooLong(prompt: Int, length: Int, context: Int)
    /// An id that the model does not have.
    case outsideVocabulary(prompt: Int, position: Int, id: Int, size: Int)

    /// One paragraph: what was found, where, what to do.
    public var description: String {
        switch self {
        case .noPrompts:
            "there are no prompts; give at least one."
        case .emptyPrompt(let prompt):
            "prompt \(prompt) is empty; every prompt needs at least one token."
        case .tooLong(let prompt, let length, let context):
            """
            prompt \(prompt) has \(length) tokens, the model's context is \(context); shorten the prompt or use a model \
            with a longer context.
            """
        case .outsideVocabulary(let prompt, let position, let id, let size):
            """
            prompt \(prompt), position \(position): token id \(id) is outside the vocabulary, which ends at \(size - 1); \
            check that the ids were made by this model's tokenizer.
            """
        }
    }
}
