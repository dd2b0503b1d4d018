// Options of a training run: what is not named is as in the file, the preset, or the numbers of `default`.
import ArgumentParser
import Foundation
import Runs

struct TrainingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "quick, default or shakespeare-char: what all that is not named is taken from.",
            valueName: "name"
        )
    )
    var preset: String?

    @Option(
        help: ArgumentHelp(
            "YAML of options, called as here with underscores: num_steps: 500.",
            valueName: "file"
        )
    )
    var config: String?

    @OptionGroup(title: "Task") var task: TaskOptions
    @OptionGroup(title: "Model") var shape: ShapeOptions
    @OptionGroup(title: "Schedule") var schedule: ScheduleOptions
    @OptionGroup(title: "What is tracked") var tracking: TrackingOptions

    @Option(help: "Of weights, batches and dropout (default: 42).")
    var seed: UInt64?

    /// Flags over the file.
    ///
    /// - Throws: `FileError`, `SettingsError`.
    func request() throws -> TrainingRequest {
        var flags = TrainingRequest()
        flags.preset = preset
        flags.seed = seed
        task.fill(&flags)
        shape.fill(&flags)
        schedule.fill(&flags)
        tracking.fill(&flags)
        return try flags.over(
            config.map { try TrainingRequest(reading: URL(filePath: $0)) } ?? TrainingRequest()
        )
    }
}

struct TaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            patterns: a random stream in which a pattern comes back; repeat: a block again and again; bigram: tokens that \
            decide the next one, new for each sequence; markov: a fresh Markov chain for each; text: windows of a file.
            """,
            valueName: "name"
        )
    )
    var task: String?

    @Option(
        help: ArgumentHelp("Ids, the one that begins sequences among them (default: 50).", valueName: "n")
    )
    var vocabSize: Int?

    @Option(help: ArgumentHelp("Tokens a sequence, that one counted (default: 256).", valueName: "n"))
    var seqLength: Int?

    @Option(
        help: ArgumentHelp(
            "Size of a fixed pool of sequences; 0 makes fresh ones (default: 10000).",
            valueName: "n"
        )
    )
    var nSequences: Int?

    @Option(help: ArgumentHelp("Shortest pattern or block (default: 5).", valueName: "n"))
    var minPatternLength: Int?

    @Option(
        help: ArgumentHelp(
            "Longest pattern (default: 20), or block (default: the longest that comes twice).",
            valueName: "n"
        )
    )
    var maxPatternLength: Int?

    @Option(help: ArgumentHelp("How often a pattern comes (default: 3).", valueName: "n"))
    var nRepeatsPerSeq: Int?

    @Option(
        help: ArgumentHelp("Tokens of the bigram task that decide the next (default: 5).", valueName: "n")
    )
    var nTriggers: Int?

    @Option(help: ArgumentHelp("Of the Dirichlet rows of the markov task (default: 1).", valueName: "x"))
    var concentration: Double?

    @Option(help: ArgumentHelp("The text of the text task, UTF-8.", valueName: "file"))
    var textFile: String?

    @Option(
        help: ArgumentHelp(
            "A directory with a tokenizer (default: the text's characters).",
            valueName: "directory"
        )
    )
    var tokenizer: String?

    func fill(_ request: inout TrainingRequest) {
        request.task = task
        request.vocabularySize = vocabSize
        request.length = seqLength
        request.sequences = nSequences
        request.minPatternLength = minPatternLength
        request.maxPatternLength = maxPatternLength
        request.repeats = nRepeatsPerSeq
        request.triggers = nTriggers
        request.concentration = concentration
        request.textFile = textFile
        request.tokenizer = tokenizer
    }
}

struct ShapeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Blocks (default: 2).", valueName: "n"))
    var nLayers: Int?

    @Option(help: ArgumentHelp("Heads a block (default: 8).", valueName: "n"))
    var nHeads: Int?

    @Option(help: ArgumentHelp("Width of the residual stream (default: 256).", valueName: "n"))
    var dModel: Int?

    @Option(help: ArgumentHelp("Width of the MLPs; 0 for attention alone (default: 1024).", valueName: "n"))
    var dFf: Int?

    @Option(help: ArgumentHelp("learned, sinusoidal, rotary or none (default: learned).", valueName: "kind"))
    var positions: String?

    @Flag(inversion: .prefixedNo, help: "Mix keys with those before them.")
    var smearedKeys: Bool?

    @Option(help: ArgumentHelp("Standard deviation of maps at the start (default: 0.02).", valueName: "x"))
    var initStd: Double?

    func fill(_ request: inout TrainingRequest) {
        request.layers = nLayers
        request.heads = nHeads
        request.dModel = dModel
        request.dMLP = dFf
        request.positions = positions
        request.smearsKeys = smearedKeys
        request.deviation = initStd
    }
}

struct ScheduleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Updates (default: 20000).", valueName: "n"))
    var numSteps: Int?

    @Option(help: ArgumentHelp("Sequences an update (default: 64).", valueName: "n"))
    var batchSize: Int?

    @Option(help: ArgumentHelp("Largest learning rate (default: 3e-4).", valueName: "x"))
    var lr: Double?

    @Option(help: ArgumentHelp("Updates until it is reached (default: 1000).", valueName: "n"))
    var warmUpSteps: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Lower it again, in half a cosine to a tenth (default: lower it)."
    )
    var useLrSchedule: Bool?

    @Option(help: ArgumentHelp("Of AdamW (default: 0.01).", valueName: "x"))
    var weightDecay: Double?

    @Option(help: ArgumentHelp("Largest length of all gradients as one vector (default: 1).", valueName: "x"))
    var gradClip: Double?

    @Option(
        help: ArgumentHelp("Share of activations that an update leaves out (default: 0).", valueName: "x")
    )
    var dropout: Double?

    @Option(help: ArgumentHelp("Updates from one checkpoint to the next (default: 1000).", valueName: "n"))
    var checkpointInterval: Int?

    func fill(_ request: inout TrainingRequest) {
        request.steps = numSteps
        request.batchSize = batchSize
        request.learningRate = lr
        request.warmUpSteps = warmUpSteps
        request.usesSchedule = useLrSchedule
        request.weightDecay = weightDecay
        request.gradientClip = gradClip
        request.dropout = dropout
        request.checkpointInterval = checkpointInterval
    }
}

struct TrackingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Updates from one evaluation to the next (default: 100).", valueName: "n"))
    var logInterval: Int?

    @Option(help: ArgumentHelp("Held-out sequences of an evaluation (default: 64).", valueName: "n"))
    var evalSequences: Int?

    @Option(
        help: ArgumentHelp(
            "Updates from one look at the Hessian to the next; 0 for none (default: 100).",
            valueName: "n"
        )
    )
    var eigenInterval: Int?

    @Option(help: ArgumentHelp("Sequences that the Hessian is of (default: 8).", valueName: "n"))
    var eigenSequences: Int?

    @Option(
        name: .customLong("track-top-k-eigenvalues"),
        help: ArgumentHelp("Eigenvalues at each end of its spectrum (default: 5).", valueName: "n")
    )
    var trackTopKEigenvalues: Int?

    func fill(_ request: inout TrainingRequest) {
        request.evaluationInterval = logInterval
        request.evaluationCount = evalSequences
        request.curvatureInterval = eigenInterval
        request.curvatureCount = eigenSequences
        request.topEigenvalues = trackTopKEigenvalues
    }
}
