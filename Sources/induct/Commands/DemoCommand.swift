// induct demo: the bundled model, its heads, figures.
import ArgumentParser
import Foundation
import Induction
import Lab
import Runs

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See the induction heads of a bundled model, with figures.",
        discussion: """
            Scans a small attention-only model that this project trained on sequences in which blocks repeat, and \
            writes the scorecard and its figures.
            """
    )

    @Option(help: ArgumentHelp("Directory for results.", valueName: "directory"))
    var output = "outputs/demo"

    @OptionGroup var quiet: QuietFlag

    func run() throws {
        let directory = try RunDirectory(output)
        let experiment = ModelExperiment(Scan(), of: ModelCatalog.bundled[0])
        let result = try perform(experiment, in: directory, quiet: quiet)
        print(result.table(top: 8))
        print(story(of: result))
        print("Figures: \(directory.url.relativePath)/heatmap.png, ranked.png, patterns.png")
        print("Next: induct scan --model MODEL, for a model of your own: a path, or an id on the hub.")
    }

    private func story(of result: ScanResult) -> String {
        let induction = result.scores.ranked(by: .induction)[0]
        let previous = result.scores.ranked(by: .previous)[0]
        func percent(_ scored: ScoredHead, _ score: HeadScore) -> String {
            String(format: "%.0f%%", 100 * (scored.scores[score]?.mean ?? 0))
        }
        return """
            Where a token stood before, \(induction.head) puts \(percent(induction, .induction)) of its attention on \
            what followed it then:
            an induction head, which completes A B ... A with B. It needs a head below it that tells each
            position what came before: \(previous.head) puts \(percent(previous, .previous)) of its attention on the \
            previous token.

            """
    }
}
