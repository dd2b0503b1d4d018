// Windows of a text: nanoGPT's setting.
//
// The first 90% of the tokens are for training, the rest for validation. A sequence is a window of either part, each
// beginning equally probable. What can be predicted from what is not known: every token is of the kind `neither`.
import Induction

/// A text, cut in two.
struct TextWindows: Sendable {
    private let tokens: [Int]
    private let length: Int
    /// Tokens for training; those after them are for validation.
    private let trainingCount: Int

    /// Windows of so many tokens.
    init(of tokens: [Int], length: Int) throws(TaskError) {
        try require("--seq-length", length, in: 2...TaskError.mostTokens)
        trainingCount = tokens.count * 9 / 10
        guard tokens.count - trainingCount >= length else {
            throw .textTooShort(tokens: tokens.count, needed: 10 * length - 9, window: length)
        }
        self.tokens = tokens
        self.length = length
    }

    func training(using generator: inout SeededGenerator) -> [Int] {
        window(of: 0..<trainingCount, using: &generator)
    }

    func validation(using generator: inout SeededGenerator) -> [Int] {
        window(of: trainingCount..<tokens.count, using: &generator)
    }

    private func window(of part: Range<Int>, using generator: inout SeededGenerator) -> [Int] {
        let start = generator.integer(in: part.lowerBound..<part.upperBound - length + 1)
        return Array(tokens[start..<start + length])
    }
}
