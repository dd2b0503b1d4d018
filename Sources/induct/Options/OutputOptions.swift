// Options that say where results go, and what is printed.
import ArgumentParser
import Runs

struct SeedOption: ParsableArguments {
    @Option(help: "Seed of everything that is drawn at random.")
    var seed: UInt64 = 0
}

struct QuietFlag: ParsableArguments {
    @Flag(help: "Print no progress and no notices.")
    var quiet = false

    /// A line for the user that is not a result.
    func notice(_ text: String) {
        if !quiet { Terminal.writeError(text + "\n") }
    }
}

struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory for results (default: outputs/runs/<timestamp>).",
            valueName: "directory"
        )
    )
    var output: String?

    @Flag(help: "Print the result as JSON; without --output, nothing is written.")
    var json = false

    @OptionGroup var quiet: QuietFlag

    /// Makes the directory that results go to; nil where nothing is written.
    ///
    /// - Throws: `FileError`.
    func directory() throws -> RunDirectory? { json && output == nil ? nil : try RunDirectory(output) }
}
