// induct scan: the scorecard of every head.
import ArgumentParser
import Foundation
import Induction
import Lab
import Runs
import Torch

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Score every head: induction, duplicate, previous, first.",
        discussion: """
            One forward pass gives four scores, each the mean attention to one key, with a 95% interval over prompts:

              induction  A[t, s+1]  what followed the earlier copy of the token at t (prefix matching)
              duplicate  A[t, s]    the earlier copy itself
              previous   A[t, t-1]  the token before
              first      A[t, 0]    the first position

            Induction is the default to rank by, because it is the pattern that completes A B ... A with B; other \
            tools call the duplicate score by that name. A score says where a head looks, not what it causes.

            Without --json, a table is printed, and scan.json with figures (PNG, SVG) goes to the output directory.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @Option(help: "The score to rank and draw by.")
    var score = HeadScore.induction

    @Option(help: ArgumentHelp("Which earlier copies of a token count.", valueName: "rule"))
    var pairs = PairRule.nearest

    @Option(help: ArgumentHelp("Heads to print.", valueName: "n"))
    var top = 10

    @OptionGroup var seed: SeedOption

    @Option(
        help: ArgumentHelp(
            "Directory for results (default: outputs/runs/<timestamp>).",
            valueName: "directory"
        )
    )
    var output: String?

    @Flag(help: "Print the result as JSON; without --output, nothing is written.")
    var json = false

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1.") }
    }

    func run() throws {
        // Before the work: a directory that cannot be written to is found out first.
        let directory = json && output == nil ? nil : try RunDirectory(output)
        let scan = Scan(
            prompts: prompts.source(seed: seed.seed),
            prependsBOS: prompts.prependBos,
            rule: pairs,
            score: score,
            batchSize: prompts.usualBatchSize,
            seed: seed.seed
        )
        let experiment = ScanRun(
            scan,
            of: try model.name.open(quiet: quiet.quiet),
            named: model.name.model,
            device: model.device.device ?? .best,
            dtype: model.dtype.dtype,
            savesMemory: model.memorySaver
        )
        let run = try directory.map { try Run(experiment.question(), in: $0) }
        let bar = ProgressBar("scan", quiet: quiet.quiet)
        let (result, loaded) = try experiment.result(in: run) { bar.show($0, $1) }
        bar.finish()
        try run?.complete()
        if let directory {
            try writeFigures(result.figures(of: loaded), to: directory, notice: quiet.notice)
        }
        if json {
            Terminal.write(try result.json())
        } else {
            print(result.table(top: top), terminator: "")
        }
        if let directory { quiet.notice("\nResults and figures: \(directory.url.relativePath)") }
    }
}
