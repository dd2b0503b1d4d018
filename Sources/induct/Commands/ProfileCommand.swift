// induct profile: where in depth the heads of one model sit.
import ArgumentParser
import Lab

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show where in depth the heads of a model sit.",
        discussion: """
            Every head's score, and its profile: a layer's value is the mean of its highest heads (--quantile). Writes \
            scores_<model>.npy [layer, head], profile_<model>.json with all four scores, intervals, peak and bandwidth, and \
            heatmap and profile as figures.
            """
    )

    @Option(help: "A model, as for 'induct scan' (default: the settings', else induct-2l).")
    var model: String?

    @OptionGroup var options: TopologyOptions

    func run() throws {
        try options.run(.profile, model: model)
    }
}
