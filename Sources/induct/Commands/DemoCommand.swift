// induct demo: the bundled model, from its heads' scores to what they cause, as one report.
import ArgumentParser
import Foundation
import Induction
import Lab
import Runs

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See the induction heads of a bundled model, from scores to causes.",
        discussion: """
            Scans a small attention-only model that this project trained on sequences in which blocks repeat, reads its weights, \
            cuts its heads, patches them and the paths between them, and looks where the answer appears. Writes each run with its \
            receipt, and report.html with all of them (report.md is the same as Markdown).
            """
    )

    @Option(help: ArgumentHelp("Directory for results.", valueName: "directory"))
    var output = "outputs/demo"

    @OptionGroup var quiet: QuietFlag

    func run() throws {
        let scan = try result(Scan())
        print(scan.table(top: 8))
        func bigrams(_ corruption: Corruption?) -> CausalSource {
            Comparison.madePrompts(count: 100, corruption: corruption)
        }
        let others = [
            try result(CircuitSurvey()).story,
            try result(Ablate(prompts: bigrams(nil))).story,
            try result(Patch(comparison: Comparison(prompts: bigrams(.second)))).story,
            try result(
                Paths(comparison: Comparison(prompts: bigrams(.first), direction: .noising))
            ).story,
            try result(Lens(prompts: CausalSource(.recipe(PromptRecipe(count: 100))))).story,
        ]
        for story in [scan.story] + others { print("- \(story.headline)") }
        let file = URL(filePath: output).appending(path: "report.html")
        try report().write(to: file, notice: quiet.notice)
        print("\nReport: \(file.relativePath) (open it in a browser)")
        print("Next: induct explore, or induct scan --model MODEL: a path, or an id on the hub.")
    }

    private var model: String { ModelCatalog.bundled[0] }

    private func result<Question: Analysis>(_ question: Question) throws -> Question.Result {
        let directory = try RunDirectory("\(output)/\(Question.command)")
        return try perform(
            ModelExperiment(question, of: model),
            in: directory,
            leavesCopies: false,
            quiet: quiet
        )
    }

    private func report() throws -> Report {
        let names = [
            Scan.command, CircuitSurvey.command, Ablate.command, Patch.command, Paths.command, Lens.command,
        ]
        var report = try Report(of: names.map { URL(filePath: "\(output)/\($0)") })
        report.title = "Induction heads of \(model)"
        report.lead = [
            """
            An induction head completes A B … A with B: it looks at what followed an earlier copy of the present token, and writes \
            that token. Such heads carry much of what a language model learns from its context, and appear abruptly in training.
            """,
            """
            \(model) is a small model of attention only, trained on sequences in which blocks repeat. Below, its heads are found by \
            where they look and by what their weights would do; then cut, patched and traced, to show that they do it. \
            'induct verify' does each run again from its receipt.
            """,
        ]
        return report
    }
}
