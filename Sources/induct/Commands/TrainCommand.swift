// induct train: small models, watched while induction heads form.
import ArgumentParser
import Files
import Formation
import Foundation
import Lab
import Runs

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a small model and watch its induction heads form.",
        discussion: """
            At each evaluation: loss, accuracy on tokens that the sequence tells and on random ones, in-context-learning score, \
            the scores of every head on fixed held-out prompts with a repeated block, and the Hessian's spectrum. The transition \
            is the interval of steps in which the best induction score rises from one level to another; it is announced when it \
            is found, and 'no transition' where there is none.

              induct train --preset quick
              induct train --task repeat --n-layers 1 --d-ff 0 --num-steps 2000
              induct train --preset shakespeare-char --text-file shakespeare.txt

            Writes induction_run_<timestamp>/: config.json, metrics.jsonl (a line an evaluation, as it goes), \
            checkpoint_step_<n>/ and model_final/ (models that every command loads), results.json, figures and run.html. Ctrl-C \
            stops with a checkpoint; --resume goes on from the last one and, with as many threads, makes the same bits as a run \
            that was not stopped.
            """
    )

    @OptionGroup var training: TrainingOptions

    @Option(
        help: ArgumentHelp(
            "Train once a seed: 1..8; runs that were cut are gone on with.",
            valueName: "range"
        )
    )
    var seeds: SeedRange?

    @Option(
        help: ArgumentHelp("Seeds trained at the same time, a process each (default: 1).", valueName: "n")
    )
    var jobs: Int?

    @Option(help: ArgumentHelp("Go on with a run that was stopped.", valueName: "directory"))
    var resume: String?

    @Option(
        help: ArgumentHelp(
            "Directory for the run (default: induction_run_<timestamp>, with --seeds outputs/runs/<timestamp>).",
            valueName: "directory"
        )
    )
    var output: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if output != nil, resume != nil {
            throw ValidationError(
                "--output names a new run, --resume one that was stopped: give one of them."
            )
        }
        if seeds != nil, resume != nil {
            throw ValidationError(
                "--seeds goes on with its runs by itself: give their directory by --output."
            )
        }
        if seeds != nil, training.seed != nil {
            throw ValidationError("--seed names one run, --seeds several: give one of them.")
        }
        if let jobs {
            if seeds == nil { throw ValidationError("--jobs is for --seeds.") }
            if jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
        }
    }

    func run() throws {
        let request = try training.request()
        if let seeds { return try trainSeeds(seeds, request) }
        let job: TrainingJob
        if let resume {
            let url = URL(filePath: resume)
            let plan = try TrainingPlan(resuming: url, request)
            if let results = try TrainingDirectory.results(of: url) {
                quiet.notice("The run in \(url.relativePath) is finished.")
                return try show(results, of: url)
            }
            job = try TrainingJob(resuming: url, plan)
        } else {
            job = try TrainingJob(TrainingPlan(request), path: output)
        }
        try show(train(job, title: "", quiet: quiet), of: job.directory.url)
    }

    private func show(_ results: TrainingResults, of run: URL) throws {
        try draw([TrainingRecord(of: run)], to: run, notice: quiet.notice)
        print(json ? try results.json() : "\(results.summary)\n\(results.transition)\n", terminator: "")
        quiet.notice("\nRun and figures: \(run.relativePath)")
    }

    private func trainSeeds(_ range: SeedRange, _ request: TrainingRequest) throws {
        // What is wrong with the settings is found out before anything is made.
        _ = try TrainingPlan(request)
        let directory = try RunDirectory(output)
        let seeds = TrainingSeeds(range.seeds, of: request, in: directory.url)
        try seeds.check()
        if let jobs, jobs > 1 {
            try seeds.prepare()
            try SeedProcesses(seeds, jobs: jobs, notice: quiet.notice).run()
        } else {
            for seed in seeds.seeds where try !seeds.isDone(seed) {
                _ = try train(
                    seeds.job(seed),
                    title: "seed \(seed): ",
                    quiet: quiet,
                    isLast: seed == seeds.seeds.upperBound
                )
            }
        }
        let results = try seeds.results()
        try directory.write(results.json(), to: "seeds.json")
        try draw(
            seeds.seeds.map { try TrainingRecord(of: seeds.run($0)) },
            to: directory.url,
            notice: quiet.notice
        )
        print(json ? String(decoding: try results.json(), as: UTF8.self) : results.text, terminator: "")
        quiet.notice("\nRuns and figures: \(directory.url.relativePath)")
    }
}

/// Trains to the end; a signal stops with a checkpoint.
///
/// - Parameter isLast: whether nothing follows that a signal, come too late to stop this run, would have to stop.
private func train(_ job: TrainingJob, title: String, quiet: QuietFlag, isLast: Bool = true) throws
    -> TrainingResults
{
    let dashboard = TrainingDashboard(job, title: title, quiet: quiet.quiet)
    let start = ContinuousClock.now
    let (results, code) = try Interruption.holding { isRequested in
        defer { dashboard.finish() }
        return try job.train(shouldStop: isRequested, hear: dashboard.hear)
    }
    guard let results else {
        quiet.notice(
            """
            \(title)stopped at step \(job.step) with a checkpoint; go on with \
            'induct train --resume \(job.directory.url.relativePath)'.
            """
        )
        throw ExitCode(code ?? 130)
    }
    if let code, !isLast { throw ExitCode(code) }
    let share = job.curvatureSeconds / ((ContinuousClock.now - start) / .seconds(1))
    if share > 0.75 {
        quiet.notice(
            String(
                format:
                    "%@Looking at the curvature took %.0f%% of the time; a larger --eigen-interval takes less.",
                title,
                100 * share
            )
        )
    }
    return results
}

/// First and last seed.
struct SeedRange: ExpressibleByArgument {
    let seeds: ClosedRange<UInt64>

    init?(argument: String) {
        let ends = argument.components(separatedBy: "..").map { UInt64($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first <= last,
            last - first < 10_000
        else { return nil }
        seeds = first...last
    }
}
