// The benchmarks' program.
import ArgumentParser

@main
struct InductBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "induct-bench",
        subcommands: [MeasureCommand.self, DrawScalingCommand.self],
        defaultSubcommand: MeasureCommand.self
    )
}
