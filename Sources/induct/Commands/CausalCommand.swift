// induct causal: what the highest heads do to copying.
import ArgumentParser
import Lab

struct CausalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causal",
        abstract: "Cut the highest heads and measure copying.",
        discussion: """
            Zeroes the z of the --topk heads with the highest score and measures accuracy and loss where a token has come \
            before and its successor follows again; compares with random sets of heads of the same layers; p counts the sets that \
            harm copying as much.
            """
    )

    @Option(help: "A model, as for 'induct scan' (default: the settings', else induct-2l).")
    var model: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("How many heads to cut; several numbers give several tests.", valueName: "n")
    )
    var topk: [Int] = []

    @OptionGroup var options: TopologyOptions

    func run() throws {
        try options.run(.causal, model: model, topK: topk)
    }
}
