// Options that say where prompts come from: a file of the user's, or a generator.
import ArgumentParser
import Foundation
import Induction
import Lab

/// Files of prompts, of which at most one is named.
struct PromptFileOptions: ParsableArguments {
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

    /// Options that were given.
    var given: [String] {
        [("--text", text), ("--prompts", prompts), ("--tokens", tokens)].filter { $0.1 != nil }.map(\.0)
    }

    func validate() throws {
        if given.count > 1 {
            throw ValidationError(
                "\(given.joined(separator: " and ")) exclude each other: give one source of prompts."
            )
        }
    }

    /// The file's prompts; nil where none is named.
    var source: PromptSource? {
        if let text { return .lines(URL(filePath: text)) }
        if let prompts { return .strings(URL(filePath: prompts)) }
        return tokens.map { .tokens(URL(filePath: $0)) }
    }
}

/// The shape of made prompts.
struct PromptShapeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many prompts to make (default: the settings' or the command's, else 100).",
            valueName: "n"
        )
    )
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

    /// Options that were given.
    var given: [String] {
        [("--n-prompts", nPrompts), ("--length", length), ("--lag", lag)].filter { $0.1 != nil }.map(\.0)
    }

    func validate() throws {
        if let nPrompts, nPrompts < 1 { throw ValidationError("--n-prompts must be at least 1.") }
    }
}

struct BOSFlag: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Put BOS before made prompts and texts (default: as the model's family does)."
    )
    var prependBos: Bool?

    /// Throws if prompts are ids already.
    ///
    /// - Parameter ids: what names them; nil if they are none.
    func check(ids: String?) throws {
        if let ids, prependBos != nil {
            throw ValidationError(
                "\(ids) are used as they are; put BOS into the file, or leave --prepend-bos away."
            )
        }
    }
}

struct PromptOptions: ParsableArguments {
    @OptionGroup var files: PromptFileOptions

    @Option(
        help: ArgumentHelp(
            "Make prompts of this kind (default: repeat, or the settings' mix of abab and names).",
            valueName: "kind"
        )
    )
    var promptsKind: PromptKind?

    @OptionGroup var shape: PromptShapeOptions
    @OptionGroup var bos: BOSFlag

    func validate() throws {
        let made = (promptsKind == nil ? [] : ["--prompts-kind"]) + shape.given
        if let file = files.given.first, let option = made.first {
            throw ValidationError("\(option) is for prompts that are made; \(file) names a file of them.")
        }
        try bos.check(ids: files.tokens.map { _ in "--tokens" })
    }

    /// Where prompts come from.
    ///
    /// - Parameters:
    ///   - count: of made prompts, where no option says.
    ///   - isLiteral: whether streams are seed 000's own.
    func source(seed: UInt64, count: Int = 100, isLiteral: Bool = false) -> PromptSource {
        if let source = files.source { return source }
        return .recipe(
            PromptRecipe(
                kind: promptsKind ?? .repeat,
                count: shape.nPrompts ?? count,
                length: shape.length,
                lag: shape.lag,
                isLiteral: isLiteral,
                seed: seed
            )
        )
    }
}
