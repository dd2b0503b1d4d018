// induct crosssize: two models over relative depth.
import ArgumentParser
import Lab

struct CrossSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crosssize",
        abstract: "Compare the depth profiles of two models.",
        discussion: ComparedModels.discussion
    )

    @OptionGroup var compared: ComparedModels
    @OptionGroup var options: TopologyOptions

    func validate() throws {
        if compared.models.count != 2 {
            throw ValidationError("--models takes two models; 'induct multisize' takes more.")
        }
    }

    func run() throws {
        try options.run(.crosssize, models: compared.models, labels: compared.labels)
    }
}
