// How a prompt's pattern is broken so that its end can no longer be copied from what came before.
//
// Of A B ... A, whose next token is B:
//
//   second  A C ... A   the first occurrence says C: the corrupted prompt has an answer of its own
//   first   D B ... A   nothing says what follows A
//   cue     A B ... D   another cue, which has not come before
//
// Where several predictions are read, they are those of the block at the prompt's end, A b1 ... bk after an earlier
// A b1 ... bk, and the rule is the same for each of them: `second` replaces every b1 ... bk that stood after its
// own A b1 ... b(k-1), `first` every A b1 ... b(k-1) that stood before its own b1 ... bk, `cue` the A b1 ... b(k-1) at the
// end. Equal tokens are replaced by equal ones. Of a block that comes back whole, as in `repeat`, `first` and `second`
// thus replace all but one token. Lengths stay, and every other token.
//
// What it does not show: an effect of `second` contains the pull of C, of `first` and `cue` that of an unknown pair.

/// What is replaced in the corrupted prompt.
public enum Corruption: String, Sendable, CaseIterable, Codable {
    /// The first A, by another.
    case first
    /// The B after the first A, by another.
    case second
    /// The last A, by another.
    case cue
}

/// A prompt that ends on a cue, and what comes next.
struct CuedPrompt {
    /// Ids; the last is the cue.
    let tokens: [Int]
    /// The id that comes next.
    let answer: Int
    /// Ids that are never copied.
    let special: Set<Int>

    /// The prompt and its answer.
    var extended: [Int] { tokens + [answer] }

    /// The predictions at the end that one block answers: the longest row of answered positions whose copies all end
    /// before it begins; at least the final cue.
    func run(in answered: [Int: Int]) -> Range<Int> {
        let cue = tokens.count - 1
        var start = cue
        // Copies end at s + 1.
        var end = answered[cue].map { $0 + 1 } ?? 0
        while let source = answered[start - 1], max(end, source + 1) < start - 1 {
            start -= 1
            end = max(end, source + 1)
        }
        return start..<cue + 1
    }
}

extension Corruption {
    /// The positions whose tokens are replaced so that the predictions of `run` cannot be copied.
    func places(in prompt: CuedPrompt, breaking run: Range<Int>) -> [Int] {
        guard self != .cue else { return Array(run) }
        let tokens = prompt.extended
        var places: Set<Int> = []
        for query in run {
            for source in 0..<max(run.lowerBound - 1, 0)
            where tokens[source] == tokens[query] && tokens[source + 1] == tokens[query + 1] {
                places.insert(self == .first ? source : source + 1)
            }
        }
        return places.sorted()
    }
}
