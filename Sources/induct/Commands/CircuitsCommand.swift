// induct circuits: what the weights of heads say.
import ArgumentParser
import Foundation
import Induction
import Lab

struct CircuitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "circuits",
        abstract: "Read heads from their weights: copying, matching, composition.",
        discussion: """
            Weights only: there are no prompts to give.

              copying    -1..1  OV eigenvalues: 1 raises the token attended to
              by logits   0..1  the same on 25 random tokens, by logits
              match      -1..1  QK eigenvalues: 1 looks at equal tokens
              |OV|, |QK|        Frobenius norms

            With rotary positions a QK circuit depends on how far the key stands before the query: --offsets. Composition \
            is the norm of an earlier head's output map times a later head's input map (q, k or v), over both norms, minus \
            what Gaussian heads have; tables and figures show it at the last offset, where an induction head's K \
            composition with a previous-token head is high at the lag minus 1.

            Without --json, tables are printed, and circuits.json, heads.csv and composition.csv go to the output directory \
            with figures.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Places between key and query at which rotary models are read (default: 0,1,19).",
            valueName: "list"
        ),
        transform: offsetList
    )
    var offsets = CircuitSurvey().offsets

    @Option(
        help: ArgumentHelp("Composition by these inputs (default: q,k,v).", valueName: "list"),
        transform: kindList
    )
    var composition = CompositionKind.allCases

    @Option(help: ArgumentHelp("Draws of random heads that composition is compared with.", valueName: "n"))
    var draws = 100

    @Option(help: ArgumentHelp("Heads and pairs to print.", valueName: "n"))
    var top = 10

    @OptionGroup var seed: SeedOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if draws < 1 { throw ValidationError("--draws must be at least 1.") }
        if top < 1 { throw ValidationError("--top must be at least 1.") }
    }

    func run() throws {
        let survey = CircuitSurvey(
            offsets: offsets,
            kinds: composition,
            draws: draws,
            seed: seed.seed
        )
        try output.perform(model.experiment(survey)) { $0.table(top: top) }
    }
}

/// Offsets from `0,1,19`.
///
/// - Throws: `ValidationError`.
private func offsetList(_ text: String) throws -> [Int] {
    try distinct(text) { item in
        guard let offset = Int(item), offset >= 0 else {
            throw ValidationError("offsets are whole numbers from 0 on, with commas between: 0,1,19.")
        }
        return offset
    }
}

/// Kinds from `q,k,v`.
///
/// - Throws: `ValidationError`.
private func kindList(_ text: String) throws -> [CompositionKind] {
    try distinct(text) { item in
        guard let kind = CompositionKind(rawValue: item) else {
            throw ValidationError("'\(item)' is none of q, k and v, with commas between: q,k,v.")
        }
        return kind
    }
}

/// The items of a list, each once.
private func distinct<Item: Hashable>(_ text: String, _ item: (String) throws -> Item) throws -> [Item] {
    let items = try text.split(separator: ",", omittingEmptySubsequences: false)
        .map { try item($0.trimmingCharacters(in: .whitespaces)) }
    guard Set(items).count == items.count else { throw ValidationError("'\(text)' names one twice.") }
    return items
}
