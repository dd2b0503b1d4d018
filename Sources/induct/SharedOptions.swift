// Options that commands share, in groups.
public import ArgumentParser
import Foundation
public import Induction
import Lab
import Runs
import Torch

extension PromptKind: ExpressibleByArgument {}
extension HeadScore: ExpressibleByArgument {}
extension PairRule: ExpressibleByArgument {}

extension ComputeDevice: ExpressibleByArgument {}
extension ComputeType: ExpressibleByArgument {}

extension ComputeDevice {
    /// The device; nil for the best there is.
    var device: Device? { Device.Kind(rawValue: rawValue).map { Device(kind: $0) } }
}

extension ComputeType {
    /// The type of tensors.
    var dtype: DType { DType(rawValue: rawValue) ?? .float32 }
}

struct ModelName: ParsableArguments {
    @Option(
        help: """
            A bundled model (induct-2l, induct-4l), a directory with config.json and weights, a nanoGPT ckpt.pt, an id \
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

    func load(quiet: Bool) throws -> LoadedModel {
        try name.open(quiet: quiet).load(
            dtype: dtype.dtype,
            device: device.device,
            isResident: !memorySaver
        )
    }
}

struct PromptOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Take prompts from a text file, one a line.", valueName: "file"))
    var text: String?

    @Option(help: ArgumentHelp("Take prompts from a JSON file: a list of strings.", valueName: "file"))
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "Take prompts from a JSON file: a list of lists of token ids, used as they are.",
            valueName: "file"
        )
    )
    var tokens: String?

    @Option(
        help: ArgumentHelp(
            "Make prompts of this kind (default: repeat, or the settings' mix of abab and names).",
            valueName: "kind"
        )
    )
    var promptsKind: PromptKind?

    @Option(help: ArgumentHelp("How many prompts to make (default: 100, or the settings').", valueName: "n"))
    var nPrompts: Int?

    @Option(
        help: ArgumentHelp(
            "Tokens of a made prompt, BOS not counted (default: as the kind has it).",
            valueName: "n"
        )
    )
    var length: Int?

    @Option(
        help: ArgumentHelp("Distance of the two copies in a made prompt (default: drawn).", valueName: "n")
    )
    var lag: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Put BOS before made prompts and texts (default: as the model's family does)."
    )
    var prependBos: Bool?

    @Option(help: ArgumentHelp("Prompts a forward pass (default: 8, or the settings').", valueName: "n"))
    var batchSize: Int?

    /// The option that names a file of prompts, if one does.
    var fileOption: String? {
        [("--text", text), ("--prompts", prompts), ("--tokens", tokens)].first { $0.1 != nil }?.0
    }

    /// Prompts a forward pass where no settings say.
    var usualBatchSize: Int { batchSize ?? 8 }

    func validate() throws {
        let files = [("--text", text), ("--prompts", prompts), ("--tokens", tokens)].filter { $0.1 != nil }
            .map(\.0)
        if files.count > 1 {
            throw ValidationError(
                "\(files.joined(separator: " and ")) exclude each other: give one source of prompts."
            )
        }
        let made = [
            ("--prompts-kind", promptsKind != nil), ("--n-prompts", nPrompts != nil),
            ("--length", length != nil),
            ("--lag", lag != nil),
        ].filter(\.1).map(\.0)
        if let file = files.first, let option = made.first {
            throw ValidationError("\(option) is for prompts that are made; \(file) names a file of them.")
        }
        if tokens != nil, prependBos != nil {
            throw ValidationError(
                "--tokens are used as they are; put BOS into the file, or leave --prepend-bos away."
            )
        }
        if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be at least 1.") }
        if let nPrompts, nPrompts < 1 { throw ValidationError("--n-prompts must be at least 1.") }
    }

    /// Where prompts come from.
    ///
    /// - Parameters:
    ///   - count: of made prompts, where no option says.
    ///   - isLiteral: whether streams are seed 000's own.
    func source(seed: UInt64, count: Int = 100, isLiteral: Bool = false) -> PromptSource {
        if let text { return .lines(URL(filePath: text)) }
        if let prompts { return .strings(URL(filePath: prompts)) }
        if let tokens { return .tokens(URL(filePath: tokens)) }
        return .recipe(
            PromptRecipe(
                kind: promptsKind ?? .repeat,
                count: nPrompts ?? count,
                length: length,
                lag: lag,
                isLiteral: isLiteral,
                seed: seed
            )
        )
    }
}

struct SeedOption: ParsableArguments {
    @Option(help: "Seed of everything that is drawn at random.")
    var seed: UInt64 = 0
}

struct QuietFlag: ParsableArguments {
    @Flag(help: "Print no progress and no notices.")
    var quiet = false

    /// A line for the user that is not a result.
    func notice(_ text: String) {
        if !quiet { Terminal.writeError(text + "\n") }
    }
}
