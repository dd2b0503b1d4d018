// Paths in words.
import Induction
import Transformers

extension PathsResult {
    /// The strongest path.
    public var findings: [String] {
        guard let first = ranked.first, first.recovery.mean != nil else {
            return ["No path of \(model) has an effect that could be measured: see the notes."]
        }
        let verb = question.comparison.direction == .denoising ? "brings back" : "takes away"
        return [
            "The path from \(first.sender) into \(first.receiver) of \(model) \(verb) \(first.recovery.percent) of the difference "
                + "between clean and corrupted runs: the most of \(paths.count).",
            "Only this input of the receiver takes the sender's output from the other run; all other heads stay as they were. "
                + "A large effect into keys is how a previous-token head makes an induction head.",
        ]
    }
}
