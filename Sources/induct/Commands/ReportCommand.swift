// induct report: runs as one page.
import ArgumentParser
import Foundation
import Lab

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tell runs on one page: findings, figures, definitions, receipts.",
        discussion: """
            Reads directories that induct has written and computes nothing anew. The page is one file that opens from the disk with \
            the network off; its figures show values under the pointer. Beside it goes the same as Markdown, with PNGs.

              induct report outputs/runs/20250101-120000
              induct report outputs/runs induction_run_20250101_120000 --output week.html
            """
    )

    @Argument(help: ArgumentHelp("Runs, or directories of runs.", valueName: "run"))
    var runs: [String]

    @Option(help: ArgumentHelp("The page; its twin ends in .md.", valueName: "file"))
    var output = "report.html"

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if URL(filePath: output).pathExtension != "html" {
            throw ValidationError("--output names the page: a file that ends in .html.")
        }
    }

    func run() throws {
        let report = try Report(of: runs.map { URL(filePath: $0) })
        for reason in report.skipped { quiet.notice("left out: \(reason)") }
        let file = URL(filePath: output)
        let twin = try report.write(to: file, notice: quiet.notice)
        print("Report: \(file.relativePath), \(twin.relativePath)")
    }
}
