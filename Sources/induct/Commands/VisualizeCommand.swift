// induct visualize: the figures of training runs.
import ArgumentParser
import Files
import Foundation
import Lab

struct VisualizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visualize",
        abstract: "Draw a training run, or several over each other.",
        discussion: """
            Draws into the run's directory: phase_transition (loss, accuracies, scores, curvature over steps, the transition \
            shaded), eigenvalues, spectral_density, induction_heads, previous_token_heads, ov_evolution and qk_evolution (every \
            head), attention (the final heads), as PNG and SVG, and run.html with all of them. A run that is still going on is \
            drawn as far as it is.

              induct visualize induction_run_20250101_120000
              induct visualize --compare run_a run_b --output comparison
            """
    )

    @Argument(help: ArgumentHelp("The run's directory.", valueName: "run"))
    var directory: String?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Runs to draw over each other.", valueName: "run"))
    var compare: [String] = []

    @Option(help: ArgumentHelp("Directory for the figures (default: the run's own).", valueName: "directory"))
    var output: String?

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if directory == nil, compare.isEmpty { throw ValidationError("Name a run, or several by --compare.") }
        if !compare.isEmpty, output == nil {
            throw ValidationError("--compare needs --output, the directory for its figures.")
        }
    }

    func run() throws {
        let names = [directory].compactMap(\.self) + compare
        let records = try names.map { try TrainingRecord(of: URL(filePath: $0)) }
        let target = output.map { URL(filePath: $0) } ?? records[0].url
        try Directories.make(target)
        try draw(records, to: target, notice: quiet.notice)
        for record in records { print("\(record.name): \(record.transition)") }
        quiet.notice("\nFigures: \(target.relativePath)")
    }
}

/// Draws one run's figures, or what several have in common, and a page of all.
func draw(_ records: [TrainingRecord], to directory: URL, notice: (String) -> Void) throws {
    let figures = records.count == 1 ? try records[0].figures() : records.comparison()
    try drawn(figures, to: directory, notice: notice)
    let report = try Report(of: records, figures: figures, drawnIn: directory)
    try AtomicFile.write(report.page, to: directory.appending(path: "run.html"))
}
