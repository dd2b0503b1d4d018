// induct lagbuckets: short lags against long ones.
import ArgumentParser
import Lab
import Runs

struct LagBucketsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lagbuckets",
        abstract: "Compare short with long lags within one model.",
        discussion: """
            The same profile from pairs whose copies are at most --short-max apart, and from all others.
            """
    )

    @Option(help: "A model, as for 'induct scan' (default: the settings', else induct-2l).")
    var model: String?

    @Option(help: ArgumentHelp("The longest short lag.", valueName: "n"))
    var shortMax = 8

    @OptionGroup var options: TopologyOptions

    func run() throws {
        let settings = try options.resolved(model: model)
        var (topology, used) = try options.topology(
            .lagbuckets,
            models: [settings.model ?? ModelCatalog.bundled[0]],
            settings
        )
        topology.shortMax = shortMax
        try options.run(topology, used)
    }
}
