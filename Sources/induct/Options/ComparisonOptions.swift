// Options of experiments that compare clean with corrupted prompts.
import ArgumentParser
import Foundation
import Induction
import Lab

struct ComparisonOptions: ParsableArguments {
    @OptionGroup(title: "Prompts") var prompts: CausalPromptOptions

    @Option(
        help: ArgumentHelp(
            "What is read: logit of the answer minus that of the foil, loss, probability, or divergence from the clean run.",
            valueName: "metric"
        )
    )
    var metric = OutputMetric.logitDiff

    @Option(
        help: ArgumentHelp(
            "Change the corrupted run with what the clean one has (what is enough), or the other way (what is needed).",
            valueName: "direction"
        )
    )
    var direction = PatchingDirection.denoising

    @Option(help: "Seed of everything that is drawn at random.")
    var seed: UInt64 = 42

    func validate() throws {
        let own =
            prompts.clean.map { _ in "--clean" } ?? prompts.files.given.first
            ?? prompts.prompt.first.map { _ in "--prompt" }
        if let own, prompts.corrupted == nil {
            throw ValidationError(
                "prompts are compared with corrupted ones: give those of \(own) with --corrupted FILE, as many tokens each."
            )
        }
    }

    /// What is compared: bigram prompts, broken like this, where nobody asks for others.
    func comparison(corruption: Corruption) -> Comparison {
        Comparison(
            prompts: prompts.source(seed: seed, kind: .bigram, count: 64, corruption: corruption),
            metric: metric,
            direction: direction
        )
    }
}

/// Names of a list, each once.
///
/// - Throws: `ValidationError` for a name that is none of `Choice`.
func choices<Choice: RawRepresentable & CaseIterable & Equatable>(of text: String) throws -> [Choice]
where Choice.RawValue == String {
    var found: [Choice] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let choice = Choice(rawValue: item.trimmingCharacters(in: .whitespaces)) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "'\(item)' is none of \(names); several are a list, such as \(names.filter { $0 != " " })."
            )
        }
        if !found.contains(choice) { found.append(choice) }
    }
    return found
}
