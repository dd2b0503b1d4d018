// induct nulls: a model against its nulls.
import ArgumentParser
import Lab
import Runs

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
        let settings = try options.resolved(model: model)
        let (topology, used) = try options.topology(
            .nulls,
            models: [settings.model ?? ModelCatalog.bundled[0]],
            settings
        )
        try options.run(topology, used)
    }
}
