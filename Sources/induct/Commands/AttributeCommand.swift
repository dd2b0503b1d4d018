// induct attribute: the effect of patching every node, to first order, and whether that can be trusted.
import ArgumentParser
import Induction
import Lab

struct AttributeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribute",
        abstract:
            "Estimate the effect of patching every node from one gradient, and check it by patching some.",
        discussion: """
            Attribution is what the metric would change by if it were linear: (other run - this run) times the gradient \
            taken in this run, for every node from two forward passes and one backward pass a batch. It is cheap and may be \
            wrong: a softmax that is sure of what it looks at has no gradient, whatever a patch would do. So of each kind the \
            nodes with the largest attributions and a random sample of the others are patched as well, and both numbers \
            compared. 'induct patch' patches every node.

            Nodes: head (its z), attn and mlp (what a block's half adds), resid (the stream that enters a block).

            Without --json, tables are printed, and attribution.json, attribution.csv with figures (PNG, SVG) go to the \
            output directory.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Kinds of nodes: head, attn, mlp, resid, or several of them as a list (default: all that the model has).",
            valueName: "list"
        ),
        transform: { try choices(of: $0) }
    )
    var component: [NodeKind] = []

    @Flag(help: "Make each position a node of its own.")
    var byPosition = false

    @Option(
        help: ArgumentHelp("Nodes of each kind with the largest attributions to patch.", valueName: "n")
    )
    var checkTop = 20

    @Option(help: ArgumentHelp("Other nodes of each kind to patch, drawn at random.", valueName: "n"))
    var checkSample = 20

    @Flag(inversion: .prefixedNo, help: "Patch some nodes, to see how far attribution can be trusted.")
    var check = true

    @OptionGroup var compared: ComparisonOptions
    @OptionGroup var memory: MemoryBudgetOption

    @Option(help: ArgumentHelp("Nodes of each kind to print.", valueName: "n"))
    var top = 10

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if top < 1 { throw ValidationError("--top must be at least 1.") }
        for (name, count) in [("--check-top", checkTop), ("--check-sample", checkSample)] where count < 0 {
            throw ValidationError("\(name) cannot be negative.")
        }
        if check, checkTop + checkSample == 0 {
            throw ValidationError("--check-top 0 and --check-sample 0 check nothing; say --no-check.")
        }
    }

    func run() throws {
        let attribution = Attribution(
            comparison: compared.comparison(corruption: .first),
            kinds: component.isEmpty ? nil : component.map(\.kind),
            isByPosition: byPosition,
            checkTop: check ? checkTop : nil,
            checkSample: checkSample,
            seed: compared.seed
        )
        try output.perform(model.experiment(attribution, memoryBudget: memory.memoryBudget)) {
            $0.text(top: top)
        }
    }
}

/// Kinds of nodes: all but whole layers, whose output is the stream that enters the next block.
enum NodeKind: String, CaseIterable {
    case head, attn, mlp, resid

    var kind: CausalComponent.Kind {
        switch self {
        case .head: .head
        case .attn: .attention
        case .mlp: .mlp
        case .resid: .residual
        }
    }
}
