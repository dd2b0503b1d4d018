// Training sequences in which a block repeats: what induction heads are for.
//
// BOS, then one block of distinct tokens again and again until the sequence is full. The block's length, which is the
// lag, is drawn for each sequence: with one fixed lag, position alone solves the task.
import Induction

/// An endless stream of sequences.
struct RepeatTask {
    /// Ids that blocks are drawn from, without replacement inside a block.
    var symbols: [Int]
    /// The id that every sequence begins with.
    var bosTokenID: Int
    /// Tokens a sequence, BOS counted.
    var length: Int
    /// Lengths of a block.
    var lags: ClosedRange<Int>

    /// The next batch: [sequence][position].
    func batch(_ count: Int, using generator: inout SeededGenerator) -> [[Int]] {
        (0..<count).map { _ in
            let lag = Int.random(in: lags, using: &generator)
            let block = Array(symbols.shuffled(using: &generator).prefix(lag))
            return [bosTokenID] + (0..<length - 1).map { block[$0 % lag] }
        }
    }
}
