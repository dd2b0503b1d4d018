// induct hessian: the curvature of the loss.
import ArgumentParser
import Files
import Formation
import Foundation
import Lab
import Torch

struct HessianCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hessian",
        abstract: "Measure the curvature of the loss: eigenvalues with residuals, trace, density.",
        discussion: """
            The Hessian of the mean next-token loss on a batch, by exact products with vectors: both ends of its spectrum by \
            Lanczos' process with full reorthogonalisation, each value with a residual (an eigenvalue lies within it), and the \
            squared cosine between its eigenvector and the gradient; the trace by Hutchinson's estimator with its standard \
            error; the density by stochastic Lanczos quadrature. Few sequences make larger eigenvalues than many.

              induct hessian --model induct-2l --top 10 --blocks attention.0 attention.1
              induct hessian --run induction_run_20250101_120000

            With --run, every checkpoint of a training run is measured on the run's own held-out batch, and hessian.json goes \
            to the run's directory.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A training run, in place of model and prompts.", valueName: "directory")
    )
    var trainingRun: String?

    @Option(help: ArgumentHelp("Largest eigenvalues.", valueName: "n"))
    var top = 10

    @Option(help: ArgumentHelp("Smallest eigenvalues.", valueName: "n"))
    var bottom = 5

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Blocks of parameters, each by itself besides all: embedding, positions, attention.0, mlp.0, norms.0, ...",
            valueName: "block"
        )
    )
    var blocks: [String] = []

    @Option(help: ArgumentHelp("Random vectors for the trace; 0 for no trace.", valueName: "n"))
    var traceProbes = 16

    @Option(help: ArgumentHelp("Random vectors for the density; 0 for none.", valueName: "n"))
    var densityProbes = 4

    @Option(
        help: ArgumentHelp(
            "Largest residual, as a share of the largest eigenvalue's magnitude.",
            valueName: "x"
        )
    )
    var tolerance = 1e-3

    @Option(help: ArgumentHelp("Hessian-vector products for the ends, at most.", valueName: "n"))
    var maxProducts = 200

    @Flag(help: "Compute in float64.")
    var float64 = false

    @OptionGroup var seed: SeedOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        for (flag, value, least) in [
            ("--top", top, 1), ("--bottom", bottom, 0), ("--trace-probes", traceProbes, 0),
            ("--density-probes", densityProbes, 0), ("--max-products", maxProducts, 1),
        ] where value < least {
            throw ValidationError("\(flag) must be at least \(least).")
        }
        if traceProbes == 1 {
            throw ValidationError("--trace-probes must be 0, or 2 or more for a standard error.")
        }
        if !(tolerance > 0 && tolerance < 1) {
            throw ValidationError("--tolerance must be above 0 and below 1.")
        }
        if model.memorySaver {
            throw ValidationError("--memory-saver cannot be had here: the Hessian needs all weights at once.")
        }
        if trainingRun != nil, !blocks.isEmpty {
            throw ValidationError("--blocks is for a model, not for --run.")
        }
    }

    func run() throws {
        let settings = CurvatureSettings(
            lanczos: LanczosSettings(
                top: top,
                bottom: bottom,
                tolerance: tolerance,
                maximumProducts: maxProducts,
                seed: seed.seed
            ),
            traceProbes: traceProbes,
            density: densityProbes > 0 ? SpectralDensity.Settings(probes: densityProbes) : nil,
            dtype: float64 ? .float64 : nil
        )
        if let trainingRun { return try measure(URL(filePath: trainingRun), settings) }
        let hessian = Hessian(
            prompts: prompts.source(seed: seed.seed, count: Hessian.promptCount),
            prependsBOS: prompts.bos.prependBos,
            blocks: blocks,
            settings: settings
        )
        try output.perform(model.experiment(hessian))
    }

    private func measure(_ run: URL, _ settings: CurvatureSettings) throws {
        let bars = StepBars(quiet: output.quiet.quiet)
        defer { bars.finish() }
        let found = try CheckpointCurvature(of: run, settings: settings) { bars.show("hessian", $0, $1) }
        bars.finish()
        if output.json { Terminal.write(try found.json()) } else { print(found.text, terminator: "") }
        if output.json, output.output == nil { return }
        let directory = output.output.map { URL(filePath: $0) } ?? run
        try Directories.make(directory)
        try AtomicFile.write(found.json(), to: directory.appending(path: "hessian.json"))
        output.quiet.notice("\nResults: \(directory.relativePath)/hessian.json")
    }
}
