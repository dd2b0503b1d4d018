// Options of the topology commands: settings.yaml first, flags over it.
import ArgumentParser
import Foundation
import Induction
import Lab
import Runs

struct TopologyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Settings (default: settings.yaml in the working directory, if there is one).",
            valueName: "file"
        )
    )
    var settings: String?

    @Option(help: "The score that profiles are of.")
    var score = HeadScore.induction

    @Option(help: ArgumentHelp("Which earlier copies of a token count.", valueName: "rule"))
    var pairs = PairRule.nearest

    @Option(
        help: ArgumentHelp("A layer's value is the mean of its heads from this quantile up.", valueName: "q")
    )
    var quantile: Double?

    @Option(help: ArgumentHelp("Resamples of prompts behind each interval.", valueName: "n"))
    var resamples: Int?

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @Flag(
        help:
            "Make abab and names prompts as seed 000's tool does: one token every lag places, the rest noise."
    )
    var literalSeedPrompts = false

    @Flag(help: "Print the prompts as they are used, one a line, to standard error.")
    var printPrompts = false

    @Option(help: "Where to compute.")
    var device: ComputeDevice?

    @Option(help: "Type of weights and activations.")
    var dtype: ComputeType?

    @Flag(help: "Keep one block's weights in memory at a time: slower, for models that do not fit.")
    var memorySaver = false

    @Option(help: ArgumentHelp("Prompts a forward pass (default: 8, or the settings').", valueName: "n"))
    var batchSize: Int?

    @Option(help: "Seed of everything that is drawn at random.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Directory for results (default: outputs/runs/<timestamp>).",
            valueName: "directory"
        )
    )
    var output: String?

    @Option(help: ArgumentHelp("Go on with a run that was stopped.", valueName: "directory"))
    var resume: String?

    @Flag(help: "Print the results as JSON.")
    var json = false

    @OptionGroup var quiet: QuietFlag

    func validate() throws {
        if literalSeedPrompts, let file = prompts.files.given.first {
            throw ValidationError(
                "--literal-seed-prompts is for prompts that are made; \(file) names a file of them."
            )
        }
        if output != nil, resume != nil {
            throw ValidationError(
                "--output names a new run, --resume one that was stopped: give one of them."
            )
        }
        if let quantile, !(0..<1).contains(quantile) {
            throw ValidationError("--quantile must be at least 0 and below 1.")
        }
        if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be at least 1.") }
        if let resamples, resamples < 1 { throw ValidationError("--resamples must be at least 1.") }
    }

    /// The settings file with the flags over it.
    private func resolved(model: String? = nil, topK: [Int] = []) throws -> Settings {
        var flags = SettingsOverrides()
        flags.model = model
        flags.device = device
        flags.dtype = dtype
        flags.batchSize = batchSize
        flags.seed = seed
        flags.promptCount = prompts.shape.nPrompts
        flags.quantile = quantile
        flags.bootstrapResamples = resamples
        flags.topK = topK.isEmpty ? nil : topK
        return try Settings.find(settings).settings.overridden(by: flags)
    }

    /// Does an experiment with one model: the one that was named, else the settings', else the usual one.
    func run(
        _ question: Topology.Question,
        model: String?,
        topK: [Int] = [],
        change: (inout Topology) -> Void = { _ in }
    ) throws {
        let settings = try resolved(model: model, topK: topK)
        let models = [settings.model ?? ModelCatalog.bundled[0]]
        var (topology, used) = try topology(question, models: models, labels: [], settings)
        change(&topology)
        try run(topology, used)
    }

    /// Does an experiment with several models.
    func run(_ question: Topology.Question, models: [String], labels: [String]) throws {
        let (topology, used) = try topology(question, models: models, labels: labels, resolved())
        try run(topology, used)
    }

    /// The experiment, and the settings as they are used.
    private func topology(
        _ question: Topology.Question,
        models: [String],
        labels: [String],
        _ settings: Settings
    ) throws -> (Topology, Settings) {
        var used = settings
        let place = settings.device.resolved
        let (type, notice) = settings.dtype.resolved(on: place)
        if let notice { quiet.notice(notice) }
        (used.device, used.dtype) = (place, type)
        used.model = models.count == 1 ? models[0] : nil
        if !labels.isEmpty, labels.count != models.count {
            throw ValidationError("--labels gives \(labels.count) names for \(models.count) models.")
        }
        var topology = Topology(
            question,
            models: models,
            labels: labels,
            prompts: source(used)
        )
        topology.prependsBOS = prompts.bos.prependBos
        topology.score = score
        topology.rule = pairs
        topology.quantile = used.evaluation.quantile
        topology.resamples = used.evaluation.bootstrapResamples
        topology.topK = used.evaluation.topK
        topology.randomDraws = used.evaluation.randomDraws
        topology.seed = used.seed
        topology.compute = Compute(
            device: place,
            dtype: type,
            batchSize: used.batchSize,
            savesMemory: memorySaver
        )
        return (topology, used)
    }

    private func source(_ settings: Settings) -> PromptSource {
        if prompts.files.source != nil || prompts.promptsKind != nil {
            return prompts.source(
                seed: settings.seed,
                count: settings.prompts.count,
                isLiteral: literalSeedPrompts
            )
        }
        // One place less than the settings' length, for BOS.
        let length = prompts.shape.length ?? (settings.prompts.sequenceLength ?? settings.sequenceLength) - 1
        let (abab, names) = (settings.prompts.mix.abab, settings.prompts.mix.names)
        let letters = Int((Double(settings.prompts.count) * abab / (abab + names)).rounded())
        let parts = [(PromptKind.abab, letters), (.names, settings.prompts.count - letters)]
        return .mix(
            parts.filter { $0.1 > 0 }.map { kind, count in
                PromptRecipe(
                    kind: kind,
                    count: count,
                    length: length,
                    lag: prompts.shape.lag,
                    lags: settings.prompts.lags,
                    isLiteral: literalSeedPrompts,
                    seed: settings.seed
                )
            }
        )
    }

    /// Does the experiment: results and figures into the run's directory, figures also to figs/, a summary to the
    /// terminal.
    private func run(_ topology: Topology, _ settings: Settings) throws {
        let experiment = try withFetchBar(quiet: quiet.quiet) { try TopologyRun(topology, reporting: $0) }
        let run =
            try resume.map { try Run(resuming: URL(filePath: $0), with: experiment.question) }
            ?? Run(experiment.question, in: RunDirectory(output))
        if printPrompts {
            for index in experiment.topology.models.indices {
                Terminal.writeError(try experiment.promptText(of: index))
            }
        }
        let bars = StepBars(quiet: quiet.quiet)
        defer { bars.finish() }
        let results = try experiment.results(in: run, settings: settings) { bars.show($0, $1, $2) }
        bars.finish()
        try run.complete()
        try writeFigures(
            results.figures,
            to: run.directory,
            copyingTo: URL(filePath: "figs"),
            notice: quiet.notice
        )
        if json {
            Terminal.write(try results.json())
        } else {
            print(results.text, terminator: "")
        }
        quiet.notice("\nResults: \(run.directory.url.relativePath), figures also in figs")
    }
}

/// The models of a comparison.
struct ComparedModels: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("The models.", valueName: "model"))
    var models: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What to call them in results and figures.", valueName: "name")
    )
    var labels: [String] = []

    static let discussion = """
        The prompts are made with the same draws for every model. Besides each model's own profile, profiles are \
        compared at an equal number of heads a layer (multisize.json), because the highest of more heads is higher by \
        chance alone.
        """
}
