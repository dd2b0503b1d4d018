// Paths as text for a terminal: the strongest ones.
import Induction
import Transformers

extension PathsResult {
    /// The ten strongest paths.
    public var text: String { text(top: 10) }

    /// What was compared, and the strongest paths, one a line.
    public func text(top: Int) -> String {
        let comparison = question.comparison
        let heading = """
            \(model): path patching, \(comparison.promptText(count: promptCount)), \(comparison.direction.rawValue)
            \(comparison.metric.rawValue): \(levels.text); \(mlpText) between sender and receiver
            senders: \(senderText); receivers: \(receiverText)
            \(paths.count) paths, the \(min(top, paths.count)) strongest (95% interval over prompts)


            """
        let table = TextTable(
            heading: [
                "rank", "sender", "receiver", comparison.direction == .denoising ? "recovery" : "share lost",
                comparison.metric.rawValue,
            ],
            isText: [1, 2],
            rows: ranked.prefix(top).enumerated().map { index, path in
                [
                    "\(index + 1)", "\(path.sender)", "\(path.receiver)", path.recovery.text,
                    path.patched.fixed,
                ]
            }
        )
        return heading + table.text + notes.map { "\n\($0)\n" }.joined()
    }

    private var senderText: String {
        switch question.senders {
        case .all: "all heads"
        case .listed(let heads): heads.map(\.description).joined(separator: ", ")
        case .highest(let count, let score): "the \(count) heads with the highest \(score.rawValue) scores"
        }
    }
}

extension Recovery {
    /// Such as `+0.512 [+0.480, +0.541]`.
    var text: String {
        guard low != nil, high != nil, mean != nil else { return mean.signed }
        return "\(mean.signed) [\(low.signed), \(high.signed)]"
    }
}
