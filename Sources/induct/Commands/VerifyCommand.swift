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
        try repeatRun(stored.receipt, from: first, in: RunDirectory(second.path))
        let comparison = try RunComparison(first, second)
        print(comparison.description)
        if !comparison.isEqual { throw ExitCode(1) }
    }

    private func repeatRun(_ receipt: Receipt, from first: URL, in directory: RunDirectory) throws {
        let bars = StepBars(quiet: quiet.quiet)
        defer { bars.finish() }
        let run: Run
        if receipt.question.command == ScanRun.command {
            let scan = try withFetchBar(quiet: quiet.quiet) { try ScanRun(receipt, reporting: $0) }
            run = try Run(scan.question(), in: directory)
            _ = try scan.result(in: run) { bars.show(ScanRun.command, $0, $1) }
        } else {
            let topology = try TopologyRun.topology(of: receipt)
            let settings = try Settings(reading: first.appending(path: "config.yaml"))
            let experiment = try withFetchBar(quiet: quiet.quiet) { try TopologyRun(topology, reporting: $0) }
            run = try Run(experiment.question, in: directory)
            _ = try experiment.results(in: run, settings: settings) { bars.show($0, $1, $2) }
        }
        try run.complete()
    }
}
