// induct ablate: what predictions lose without each part of a model.
import ArgumentParser
import Induction
import Lab

/// Parts that can be cut.
enum AblatedKind: String, CaseIterable, ExpressibleByArgument {
    case head, mlp, attn, layer

    var kind: CausalComponent.Kind {
        switch self {
        case .head: .head
        case .mlp: .mlp
        case .attn: .attention
        case .layer: .layer
        }
    }
}

struct AblateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Cut every head, MLP or layer and measure the loss.",
        discussion: """
            Each part is cut by itself, at all positions, and the predictions that have an answer are read again. Delta loss \
            is ablated minus base cross-entropy, in nats: positive says that the part helped. Every delta has a 95% interval \
            over prompts; p is a paired sign-flip test, q corrects for the number of parts.

              zero                set to zero
              mean                set to the mean at the same position over the prompts
              mean-all            set to the mean over all positions of all prompts
              resample            taken from another prompt
              pattern-preserving  set to zero, with all later attention patterns kept

            The prompts are 64 bigram prompts (A B, 32 noise letters, A: predict B) unless others are asked for.

            Without --json, a table is printed; ablation.json, ablation_results.csv, report.md and figures go to the output \
            directory, and dated copies of table and report to outputs.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompts") var prompts: CausalPromptOptions

    @Option(help: "What is cut, each by itself.")
    var component = AblatedKind.head

    @OptionGroup var components: ComponentOptions

    @Option(help: "How it is cut.")
    var mode = AblationMode.zero

    @Flag(
        help: """
            Zero heads as on weights that TransformerLens has folded: what the value bias and the norm's bias give to z stays.
            """
    )
    var foldValueBias = false

    @Option(help: ArgumentHelp("Parts in the table, its mean and its median.", valueName: "n"))
    var topk = 10

    @Option(help: "Seed of everything that is drawn at random.")
    var seed: UInt64 = 42

    @OptionGroup var memory: MemoryBudgetOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if topk < 1 { throw ValidationError("--topk must be at least 1.") }
        _ = try components.choice(component.kind)
        if foldValueBias, component != .head || mode != .zero && mode != .patternPreserving {
            throw ValidationError(
                """
                --fold-value-bias says what zero is for a head: it goes with --component head and --mode zero or \
                pattern-preserving.
                """
            )
        }
    }

    /// What is asked.
    var analysis: Ablate {
        get throws {
            Ablate(
                prompts: prompts.source(seed: seed, kind: .bigram, count: 64),
                components: try components.choice(component.kind),
                mode: mode,
                zeroPoint: foldValueBias ? .foldedWeights : .raw,
                top: topk,
                seed: seed
            )
        }
    }

    func run() throws {
        try output.perform(model.experiment(analysis, memoryBudget: memory.memoryBudget))
    }
}
