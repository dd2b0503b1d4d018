// Options that say which model and how it runs.
import ArgumentParser
import Lab
import Runs

struct ModelName: ParsableArguments {
    @Option(
        help: """
            A bundled model (induct-2l, induct-4l, shakespeare-char), a directory with config.json and weights, a nanoGPT ckpt.pt, an id \
            on the Hugging Face hub (EleutherAI/pythia-70m) or a short name for one ('induct models' lists them).
            """
    )
    var model = "induct-2l"

    /// Opens it, after a download if there has to be one.
    func open(quiet: Bool) throws -> OpenedModel {
        try withFetchBar(quiet: quiet) { try OpenedModel(model, reporting: $0) }
    }
}

struct ModelOptions: ParsableArguments {
    @OptionGroup var name: ModelName

    @Option(help: "Where to compute.")
    var device = ComputeDevice.auto

    @Option(help: "Type of weights and activations.")
    var dtype = ComputeType.float32

    @Flag(help: "Keep one block's weights in memory at a time: slower, for models that do not fit.")
    var memorySaver = false

    @Option(help: ArgumentHelp("Prompts a forward pass.", valueName: "n"))
    var batchSize = 8

    func validate() throws {
        if batchSize < 1 { throw ValidationError("--batch-size must be at least 1.") }
    }

    /// How the model runs.
    var compute: Compute {
        Compute(device: device, dtype: dtype, batchSize: batchSize, savesMemory: memorySaver)
    }

    /// What is asked of it.
    func experiment<Question: Analysis>(
        _ analysis: Question,
        memoryBudget: Int? = nil
    ) -> ModelExperiment<Question> {
        var compute = compute
        compute.memoryBudget = memoryBudget
        return ModelExperiment(analysis, of: name.model, compute)
    }
}
