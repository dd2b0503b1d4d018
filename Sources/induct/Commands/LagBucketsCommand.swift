// induct lagbuckets: short lags against long ones.
import ArgumentParser
import Lab

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
        try options.run(.lagbuckets, model: model) { $0.shortMax = shortMax }
    }
}
