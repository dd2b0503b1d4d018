// Patching in words.
import Induction
import Transformers

extension PatchResult {
    /// The part that restores most, and whether it is one of several.
    public var findings: [String] {
        guard let first = ranked.first else {
            return ["No \(patch.components.kind.singular) of \(model) has a recovery: see the notes."]
        }
        let isDenoising = patch.comparison.direction == .denoising
        let (source, target, verb) =
            isDenoising
            ? ("clean", "corrupted", "brings back") : ("corrupted", "clean", "takes away")
        return [
            "\(name(first)), taken from the \(source) run into the \(target) one, \(verb) \(first.recovery.percent) of the "
                + "difference between them: the most of all \(kindName) of \(model).",
            "The \(patch.comparison.metric.rawValue) is \(clean.text { Optional($0).fixed }) on clean and "
                + "\(corrupted.text { Optional($0).fixed }) on corrupted prompts. "
                + (important.isEmpty
                    ? "None reaches \(String(patch.threshold)) by itself: what matters is spread over several."
                    : "From \(String(patch.threshold)) up: \(important.map(name).joined(separator: ", "))."),
            isDenoising
                ? "A part that brings much back is enough, given the rest of the corrupted run; that it is needed, noising shows."
                : "A part that takes much away is needed; that it is enough, denoising shows.",
        ]
    }
}
