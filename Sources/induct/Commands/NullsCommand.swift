// induct nulls: a model against its nulls.
import ArgumentParser
import Lab

struct NullsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nulls",
        abstract: "Compare a model's induction heads with what chance gives.",
        discussion: """
            Two nulls from the same forward pass: the shuffled antecedent (the key is read at another prompt's lag, a p-value for \
            every head, corrected by Benjamini-Hochberg) and the permutation of heads over layers (exact). Always of the \
            induction score.
            """
    )

    @Option(help: "A model, as for 'induct scan' (default: the settings', else induct-2l).")
    var model: String?

    @OptionGroup var options: TopologyOptions

    func run() throws {
        try options.run(.nulls, model: model)
    }
}
