// What the tests of tasks share.
import Foundation
import Induction
import Testing

@testable import Formation

/// Ids 0..<size, of which the last one but one begins sequences.
func vocabulary(_ size: Int = 30) -> PromptVocabulary { PromptVocabulary(size: size, bosTokenID: size - 2) }

/// Ids 0..<size, none of which begins sequences.
func plainVocabulary(_ size: Int = 30) -> PromptVocabulary { PromptVocabulary(size: size, bosTokenID: nil) }

/// One task of each construction that makes its own sequences.
let syntheticTasks = [
    TrainingTask(
        .patterns(PatternTask(minPatternLength: 3, maxPatternLength: 6, repeats: 4)),
        length: 50
    ),
    TrainingTask(.repeat(RepeatTask(minPatternLength: 4, maxPatternLength: 11)), length: 41),
    TrainingTask(.bigram(BigramTask(triggers: 4)), length: 60),
    TrainingTask(.markov(MarkovTask(concentration: 0.3)), length: 33),
]

/// The bodies of many sequences: without the token that begins them, each with its tokens' kinds.
func bodies(
    _ count: Int,
    _ task: any SyntheticTask,
    length: Int,
    of symbols: [Int],
    seed: UInt64 = 1
) -> [MarkedTokens] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in task.body(length, of: symbols, using: &generator) }
}

extension MarkedTokens {
    /// Whether a token was followed by one and the same token at every earlier occurrence, and is now.
    func isCertain(at index: Int) -> Bool {
        guard index > 0 else { return false }
        let earlier = (0..<index - 1).filter { tokens[$0] == tokens[index - 1] }
        return !earlier.isEmpty && earlier.allSatisfy { tokens[$0 + 1] == tokens[index] }
    }

    /// Whether the token before has stood earlier.
    func followsAKnownToken(at index: Int) -> Bool {
        index > 0 && tokens[..<(index - 1)].contains(tokens[index - 1])
    }
}

/// FNV-1a over ids.
func hash(_ rows: [[Int]]) -> UInt64 {
    rows.joined().reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// The error that a task has with a vocabulary.
func taskError(
    _ task: TrainingTask,
    _ vocabulary: PromptVocabulary = plainVocabulary(),
    text: [Int] = []
) -> TaskError? {
    do throws(TaskError) {
        _ = try TaskSampler(task, vocabulary: vocabulary, text: text)
        return nil
    } catch {
        return error
    }
}
