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
        precondition(
            lags.lowerBound > 0 && lags.upperBound <= symbols.count,
            "\(symbols.count) symbols, lags \(lags)"
        )
        return (0..<count).map { _ in
            let lag = generator.integer(in: lags.lowerBound..<lags.upperBound + 1)
            let block = Array(generator.shuffled(symbols).prefix(lag))
            return [bosTokenID] + (0..<length - 1).map { block[$0 % lag] }
        }
    }
}
