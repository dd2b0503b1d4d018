// induct profiles: the profiles that runs have written.
import ArgumentParser
import Foundation
import JSON
import Runs

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "List the profiles that runs have written.",
        discussion:
            "A line a profile: model, score, layer of the peak, its relative depth, bandwidth, when, and the file."
    )

    @Flag(help: "Only the newest of each model.")
    var latest = false

    @Flag(help: "Print the list as JSON.")
    var json = false

    @Flag(help: "Print the list as CSV.")
    var csv = false

    @Option(help: ArgumentHelp("Where the runs are (default: outputs/runs).", valueName: "directory"))
    var runs: String?

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other.") }
    }

    func run() throws {
        let store = RunStore(runs.map { URL(filePath: $0) } ?? RunDirectory.parent)
        let all = ProfileTable(store)
        let table = latest ? all.latest : all
        for skipped in all.skipped { quiet.notice("\(skipped)") }
        Swift.print(json ? table.json.text : csv ? table.csv : table.text, terminator: "")
    }
}
