// induct multisize: models over relative depth.
import ArgumentParser
import Lab

struct MultiSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "multisize",
        abstract: "Compare the depth profiles of any number of models.",
        discussion: ComparedModels.discussion
    )

    @OptionGroup var compared: ComparedModels
    @OptionGroup var options: TopologyOptions

    func validate() throws {
        if compared.models.count < 2 { throw ValidationError("--models takes at least two models.") }
    }

    func run() throws {
        try options.run(.multisize, models: compared.models, labels: compared.labels)
    }
}
