// induct multisize: models over relative depth.
import ArgumentParser
import Lab
import Runs

struct MultiSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "multisize",
        abstract: "Compare the depth profiles of any number of models.",
        discussion: """
            The prompts are made with the same draws for every model. Besides each model's own profile, profiles are \
            compared at an equal number of heads a layer (multisize.json), because the highest of more heads is higher by \
            chance alone.
            """
    )

    @Option(parsing: .upToNextOption, help: ArgumentHelp("The models.", valueName: "model"))
    var models: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What to call them in results and figures.", valueName: "name")
    )
    var labels: [String] = []

    @OptionGroup var options: TopologyOptions

    func validate() throws {
        if models.count < 2 { throw ValidationError("--models takes at least two models.") }
        if Set(labels.isEmpty ? models : labels).count < models.count {
            throw ValidationError("Two models have one name; give each its own with --labels.")
        }
    }

    func run() throws {
        let settings = try options.resolved()
        let (topology, used) = try options.topology(.multisize, models: models, labels: labels, settings)
        try options.run(topology, used)
    }
}
