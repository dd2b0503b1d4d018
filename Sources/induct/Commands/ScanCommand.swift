// induct scan: the scorecard of every head.
import ArgumentParser
import Induction
import Lab

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
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1.") }
    }

    func run() throws {
        let scan = Scan(
            prompts: prompts.source(seed: seed.seed),
            prependsBOS: prompts.bos.prependBos,
            rule: pairs,
            score: score,
            seed: seed.seed
        )
        try output.perform(model.experiment(scan)) { $0.table(top: top) }
    }
}
