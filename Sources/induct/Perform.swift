// The way of every command with one model: from an experiment to its files, its figures and what is printed.
import Files
import Foundation
import Lab
import Runs

/// Does an experiment: results, receipt and figures go to the directory, if there is one. What fails before it has a result
/// leaves nothing behind.
///
/// - Parameters:
///   - copies: where PNGs go besides.
///   - leavesCopies: whether what has a place of its own besides (`outputs/...`, `results/...`) goes there too.
func perform<Question: Analysis>(
    _ experiment: ModelExperiment<Question>,
    in directory: RunDirectory?,
    copyingFiguresTo copies: URL? = nil,
    leavesCopies: Bool = true,
    quiet: QuietFlag
) throws -> Question.Result {
    let bars = StepBars(quiet: quiet.quiet)
    defer { bars.finish() }
    var run: Run?
    let (result, model): (Question.Result, LoadedModel)
    do {
        let opened = try withFetchBar(quiet: quiet.quiet) { try ExperimentRun(experiment, reporting: $0) }
        run = try directory.map { try Run(opened.question(), in: $0) }
        (result, model) = try opened.result(in: run, progress: bars.show)
    } catch {
        run?.abandon()
        directory?.removeIfUnused()
        throw error
    }
    bars.finish()
    try run?.complete()
    if let directory {
        if leavesCopies { try writeCopies(of: result.files()) }
        let figures = try result.figures(of: model).map { leavesCopies ? $0 : $0.withoutCopy }
        try writeFigures(figures, to: directory, copyingTo: copies, notice: quiet.notice)
    }
    return result
}

extension OutputOptions {
    /// Does an experiment and prints what it found.
    ///
    /// - Parameters:
    ///   - copies: where PNGs go besides.
    ///   - text: what is printed without `--json`.
    func perform<Question: Analysis>(
        _ experiment: ModelExperiment<Question>,
        copyingFiguresTo copies: URL? = nil,
        text: (Question.Result) -> String = { $0.text }
    ) throws {
        // Before the work: a directory that cannot be written to is found out first.
        let directory = try directory()
        let result = try induct.perform(experiment, in: directory, copyingFiguresTo: copies, quiet: quiet)
        if json {
            Terminal.write(try result.json())
        } else {
            print(text(result), terminator: "")
        }
        if let directory { quiet.notice("\nResults and figures: \(directory.url.relativePath)") }
    }
}
