// induct explore: the explorer's page and its API, on this machine.
import ArgumentParser
import Explorer
import Foundation
import Hub
import Lab

struct ExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore",
        abstract: "Look at heads in a browser: patterns, ablations, patching, lens, circuits, runs.",
        discussion: """
            Serves a page on this machine, which asks nothing of any other. Its numbers are those of the other commands. \
            Ctrl-C ends it.

              induct explore --open
              induct explore --model EleutherAI/pythia-70m --port 9000
            """
    )

    @OptionGroup(title: "Model") var model: ModelName

    @Option(help: ArgumentHelp("Port to listen on; 0 for any that is free.", valueName: "n"))
    var port = 8080

    @Option(
        help: ArgumentHelp(
            "Address to listen on. Others than this machine's own let everybody on the network ask for work and see runs.",
            valueName: "address"
        )
    )
    var host = "127.0.0.1"

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Runs, or directories of runs, to show besides outputs/runs and induction_run_*.",
            valueName: "directory"
        )
    )
    var runs: [String] = []

    @Flag(help: "Open the page in a browser.")
    var open = false

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port must be from 0 to 65535.") }
    }

    func run() throws {
        // A model that is not here is downloaded before the page can ask for it.
        _ = try model.open(quiet: quiet.quiet)
        let server = ExplorerServer(
            ExplorerSettings(
                model: model.model,
                host: host,
                port: port,
                runs: runs.map { URL(filePath: $0) },
                cache: HubCache(try HubSettings().cache)
            )
        )
        let opens = open
        try waiting {
            try await server.run { address in
                print(address.absoluteString)
                fflush(nil)
                if opens { openInBrowser(address) }
            }
        }
    }
}

/// Asks the desktop to show an address; where there is none, the address has been printed.
private func openInBrowser(_ address: URL) {
    let process = Process()
    #if os(macOS)
    process.executableURL = URL(filePath: "/usr/bin/open")
    process.arguments = [address.absoluteString]
    #else
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["xdg-open", address.absoluteString]
    #endif
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
}
