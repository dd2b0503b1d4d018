// induct paths: what one head tells another.
import ArgumentParser
import Induction
import Lab

struct PathsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paths",
        abstract: "Patch the paths from heads to the queries, keys and values of later heads.",
        discussion: """
            One path at a time: what a sender writes is taken from the other run, every other head writes what it wrote, and \
            one input of one receiver takes the change. Recovery is the share of the difference between the clean and the \
            corrupted run that this alone makes up for: 1 all of it, 0 none; with --direction noising, the share that it takes away.

            An induction head finds B in A B ... A because a previous-token head has written "A came before" at B. That \
            message goes to the keys of the induction head, and differs only where the first A does: hence --corrupt first. \
            With --corrupt second (A C ... A) what is written at that place is the same in both runs, and the path shows \
            nothing.

            Without --json, a table is printed, and paths.json, paths.csv with figures (PNG, SVG) go to the output directory.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        help: ArgumentHelp("Senders: heads such as L0H3,0.1, or all (default: all).", valueName: "heads"),
        transform: HeadList.init
    )
    var senders: HeadList?

    @Option(
        help: ArgumentHelp(
            "Receivers, given like senders (default: the 4 heads with the highest induction score on repeat prompts).",
            valueName: "heads"
        ),
        transform: HeadList.init
    )
    var receivers: HeadList?

    @Option(
        help: ArgumentHelp("What of the receivers takes the change (default: q,k,v).", valueName: "list"),
        transform: { try choices(of: $0) }
    )
    var inputs: [PathInput] = PathInput.allCases

    @Flag(help: "Also the direct effect of each sender on the logits, by no other head.")
    var toLogits = false

    @Option(
        help: ArgumentHelp(
            "MLPs between sender and receiver write what they wrote, or see the change and pass it on.",
            valueName: "mode"
        )
    )
    var mlps = MLPMode.frozen

    @OptionGroup var compared: ComparisonOptions
    @OptionGroup var memory: MemoryBudgetOption

    @Option(help: ArgumentHelp("Paths to print.", valueName: "n"))
    var top = 10

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1.") }
    }

    func run() throws {
        let paths = Paths(
            comparison: compared.comparison(corruption: .first),
            senders: senders?.choice ?? .all,
            receivers: receivers?.choice ?? Paths.likelyReceivers,
            inputs: inputs,
            reachesLogits: toLogits,
            mlps: mlps,
            seed: compared.seed
        )
        try output.perform(model.experiment(paths, memoryBudget: memory.memoryBudget)) { $0.text(top: top) }
    }
}

extension HeadList {
    fileprivate var choice: HeadChoice {
        switch self {
        case .all: .all
        case .listed(let heads): .listed(heads: heads)
        }
    }
}
