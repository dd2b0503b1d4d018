// induct verify: does a run again from its receipt and compares.
import ArgumentParser
import Files
import Foundation
import Lab
import Runs

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Do a run again from its receipt and compare the results.",
        discussion: """
            Says for every result file whether it is the same, byte by byte, or by how much its numbers differ; and what was \
            different to begin with (weights, libtorch, machine). Exit code 1 where a result differs.
            """
    )

    @Argument(help: ArgumentHelp("The run's directory.", valueName: "run"))
    var directory: String

    @OptionGroup var quiet: QuietFlag

    func run() throws {
        let first = URL(filePath: directory)
        let stored = try RunStore.run(at: first)
        let second = FileManager.default.temporaryDirectory.appending(path: "verify-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: second) }
        let again = try withFetchBar(quiet: quiet.quiet) { try RepeatedRun(of: stored, reporting: $0) }
        let bars = StepBars(quiet: quiet.quiet)
        defer { bars.finish() }
        try again.run(in: RunDirectory(second.path), progress: bars.show)
        bars.finish()
        let comparison = try RunComparison(first, second)
        print(comparison.description)
        if !comparison.isEqual { throw ExitCode(1) }
    }
}
