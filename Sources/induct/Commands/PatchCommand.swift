// induct patch: what each part of a model restores when its activation comes from the other run.
public import ArgumentParser
import Foundation
public import Induction
import Lab

/// Parts that can be patched.
enum PatchedKind: String, CaseIterable, ExpressibleByArgument {
    case head, layer, resid, attn, mlp
    case positionByLayer = "position-by-layer"

    var kind: CausalComponent.Kind {
        switch self {
        case .head: .head
        case .layer: .layer
        case .resid, .positionByLayer: .residual
        case .attn: .attention
        case .mlp: .mlp
        }
    }
}

struct PatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch",
        abstract: "Move activations between clean and corrupted prompts.",
        discussion: """
            Denoising runs the corrupted prompts and takes one activation from the clean run: what is enough to restore the \
            answer? Noising runs the clean prompts and takes one from the corrupted run: what is needed for it?

              head               z of each head
              layer              the residual stream that leaves each block
              resid              the residual stream that enters each block
              attn, mlp          what attention or the MLP of each block adds to the stream
              position-by-layer  as resid, at each position by itself

            Recovery is (patched - corrupted) / (clean - corrupted), a ratio of means over prompts with a 95% interval: 1 \
            restores all, 0 nothing. For noising clean and corrupted change places. Where the two runs differ by less than \
            twice the standard error, recovery is undefined, and the output says so.

            The prompts are 64 bigram prompts (A B, 32 noise letters, A: predict B), corrupted by another B, unless others are \
            asked for. --positions says which predictions are read, --at where activations are patched.

            Without --json, a table is printed; patching.json, patching_results.csv and figures go to the output directory, a \
            dated copy of the table to outputs, and the bars of --component layer also to \
            results/induction_patching_effects.png.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @Option(help: "What is patched, each by itself.")
    var component = PatchedKind.head

    @OptionGroup var components: ComponentOptions

    @OptionGroup var compared: ComparisonOptions

    @Option(
        help: ArgumentHelp(
            """
            Where activations are patched: at all positions, at the last that is read, or at some such as 0,5,7 (default: last \
            for layer and resid, whose stream at all positions is the whole run; else all).
            """,
            valueName: "where"
        )
    )
    var at: PatchingPositions?

    @Option(help: ArgumentHelp("Recovery from which on a part is called important.", valueName: "x"))
    var threshold = 0.3

    @Option(help: ArgumentHelp("Parts in the table, and the most that are called important.", valueName: "n"))
    var topk = 5

    @OptionGroup var memory: MemoryBudgetOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if topk < 1 { throw ValidationError("--topk must be at least 1.") }
        if !threshold.isFinite { throw ValidationError("--threshold must be a number.") }
        if component == .positionByLayer, at == .last {
            throw ValidationError(
                "--component position-by-layer takes positions one by one: --at all, or --at with a list."
            )
        }
        _ = try components.choice(component.kind)
    }

    /// What is asked.
    var analysis: Patch {
        get throws {
            Patch(
                comparison: compared.comparison(corruption: .second),
                components: try components.choice(component.kind),
                isByPosition: component == .positionByLayer,
                positions: at ?? ([.layer, .resid].contains(component) ? .last : .all),
                threshold: threshold,
                top: topk,
                seed: compared.seed
            )
        }
    }

    func run() throws {
        try output.perform(model.experiment(analysis, memoryBudget: memory.memoryBudget))
    }
}

extension PatchingPositions: ExpressibleByArgument {
    /// From `all`, `last` or a list of positions from 0.
    public init?(argument: String) {
        switch argument {
        case "all": self = .all
        case "last": self = .last
        default:
            let items = argument.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let positions = items.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
            guard positions.count == items.count else { return nil }
            self = .at(Set(positions).sorted())
        }
    }

    /// As it is typed.
    public var defaultValueDescription: String {
        switch self {
        case .all: "all"
        case .last: "last"
        case .at(let positions): positions.map(String.init).joined(separator: ",")
        }
    }
}
