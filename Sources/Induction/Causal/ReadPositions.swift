// Which predictions of a prompt an experiment reads.
//
//   last     the one after the final cue
//   targets  every one that an earlier copy answers: positions t with a nearest earlier copy s of x_t, s + 1 < t, and
//            x_{t+1} = x_{s+1}; and the final cue, where its answer is known
//   all      every one whose next token is known, and the final cue with its answer
//
// `targets` finds what one earlier bigram answers. Not every such prediction is made by copying: in text the bigram may
// be likely anyway.

/// The predictions that a metric reads.
public enum ReadPositions: String, Sendable, CaseIterable, Codable {
    /// The one after a prompt's last token.
    case last
    /// Every one with a known next token.
    case all
    /// Every one that an earlier copy answers.
    case targets
}

extension PromptKind {
    /// What is read where nothing else is asked for: `last` for kinds with one answer, `targets` for the others.
    public var readPositions: ReadPositions {
        switch self {
        case .bigram, .letters, .words, .numbers, .abca: .last
        case .repeat, .abab, .names, .multitoken: .targets
        }
    }
}

/// The positions whose next token an earlier copy answers, each with the nearest such copy: t to s, with x_s = x_t,
/// s + 1 < t and x_{s+1} = x_{t+1}.
func answeredPositions(in tokens: [Int], excluding special: Set<Int>) -> [Int: Int] {
    var sources: [Int: Int] = [:]
    for pair in copyPairs(in: tokens, excluding: special)
    where pair.lag > 1 && pair.query + 1 < tokens.count
        && tokens[pair.query + 1] == tokens[pair.source + 1]
    {
        sources[pair.query] = pair.source
    }
    return sources
}
