// Options that say which prompts a causal experiment runs on, how they are broken, and what is read from them.
import ArgumentParser
import Foundation
import Induction
import Lab

/// A kind of made prompts, or prompts mined from a text.
enum CausalPromptKind: Equatable, ExpressibleByArgument {
    case made(PromptKind)
    case natural

    init?(argument: String) {
        if argument == "natural" {
            self = .natural
        } else if let kind = PromptKind(rawValue: argument) {
            self = .made(kind)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { PromptKind.allCases.map(\.rawValue) + ["natural"] }
}

struct CausalPromptOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Make prompts of this kind, or take natural ones from the text of --corpus.",
            valueName: "kind"
        )
    )
    var promptsKind: CausalPromptKind?

    @OptionGroup var shape: PromptShapeOptions

    @Option(help: ArgumentHelp("Tokens that multitoken prompts copy (default: 4).", valueName: "n"))
    var copied: Int?

    @Option(
        help: ArgumentHelp(
            "Text in which natural prompts are looked for: where an n-gram comes back.",
            valueName: "file"
        )
    )
    var corpus: String?

    @Option(
        help: ArgumentHelp(
            "Tokens of the n-gram that comes back in natural prompts (default: 2).",
            valueName: "n"
        )
    )
    var ngram: Int?

    @Option(help: ArgumentHelp("A prompt; may be given several times.", valueName: "text"))
    var prompt: [String] = []

    @OptionGroup var files: PromptFileOptions

    @Option(
        help: ArgumentHelp(
            "Take prompts from a file: lists of token ids if it ends in .json, else text, one prompt a line.",
            valueName: "file"
        )
    )
    var clean: String?

    @Option(
        help: ArgumentHelp(
            "The same prompts with the pattern broken, as many tokens each.",
            valueName: "file"
        )
    )
    var corrupted: String?

    @Option(
        name: [.long, .customLong("targets")],
        help: ArgumentHelp(
            """
            What comes after each prompt of a file: a list like 'B,C' (one entry is for all prompts) or a file (.json, or \
            .txt with one a line). Token ids, or for text words that are one token.
            """,
            valueName: "file or list"
        )
    )
    var answers: String?

    @Option(
        help: ArgumentHelp(
            "What the answers are compared with, given like them (default: the corrupted prompt's own answer).",
            valueName: "file or list"
        )
    )
    var foils: String?

    @Option(
        help: ArgumentHelp(
            "What is replaced in the corrupted prompts: the first A of A B ... A, the B after it, or the last A.",
            valueName: "rule"
        )
    )
    var corrupt: Corruption?

    @Option(
        help: ArgumentHelp(
            """
            Which predictions are read: the last, all, or those that an earlier copy answers (default: as the kind of prompts \
            has it).
            """,
            valueName: "which"
        )
    )
    var positions: ReadPositions?

    @OptionGroup var bos: BOSFlag

    func validate() throws {
        let sources =
            (prompt.isEmpty ? [] : ["--prompt"]) + (clean == nil ? [] : ["--clean"]) + files.given
        if sources.count > 1 {
            throw ValidationError(
                "\(sources.joined(separator: " and ")) exclude each other: give one source of prompts."
            )
        }
        if prompt.contains(where: \.isEmpty) {
            throw ValidationError("--prompt is empty; give the text that the model is to continue.")
        }
        if let file = sources.first {
            try validate(file: file)
        } else {
            try validateMade()
        }
    }

    private func validate(file: String) throws {
        if corrupt != nil {
            throw ValidationError(
                "--corrupt breaks prompts that are made; give the broken ones of \(file) with --corrupted."
            )
        }
        let kind = [("--prompts-kind", promptsKind == nil), ("--corpus", corpus == nil)]
        let numbers = [("--ngram", ngram == nil), ("--copied", copied == nil)]
        let made = (kind + numbers).filter { !$0.1 }.map(\.0) + shape.given
        if let option = made.first {
            throw ValidationError(
                "\(option) is for prompts that are made; \(file) \(prompt.isEmpty ? "names a file of them" : "is one of yours")."
            )
        }
        if case .tokens = clean.map(fileSource) {
            try bos.check(ids: "The token ids of --clean")
        } else {
            try bos.check(ids: files.tokens.map { _ in "--tokens" })
        }
    }

    private func validateMade() throws {
        let owned = [("--corrupted", corrupted), ("--answers", answers), ("--foils", foils)]
        if let option = owned.first(where: { $0.1 != nil })?.0 {
            throw ValidationError(
                "\(option) goes with prompts of your own: give them with --prompt, --clean, --text, --prompts or --tokens."
            )
        }
        if promptsKind == .natural {
            guard corpus != nil else {
                throw ValidationError(
                    "--prompts-kind natural looks for prompts in a text: add --corpus FILE."
                )
            }
            if let option = [("--lag", shape.lag), ("--copied", copied)].first(where: { $0.1 != nil })?.0 {
                throw ValidationError(
                    "\(option) is for prompts that are made; natural prompts are as the text has them."
                )
            }
        } else {
            let mined = [("--corpus", corpus == nil), ("--ngram", ngram == nil)]
            if let option = mined.first(where: { !$0.1 })?.0 {
                throw ValidationError("\(option) is for natural prompts: add --prompts-kind natural.")
            }
        }
    }

    /// Where prompts come from.
    ///
    /// - Parameters:
    ///   - kind: of prompts, where no option says.
    ///   - count: of made prompts, where no option says.
    ///   - corruption: of made prompts, where no option says; nil for commands that compare with none.
    func source(
        seed: UInt64,
        kind: PromptKind = .repeat,
        count: Int = 100,
        corruption: Corruption? = nil
    ) -> CausalSource {
        let own = prompt.isEmpty ? clean.map(fileSource) ?? files.source : .texts(prompt)
        return CausalSource(
            own.map { .files(ownFiles($0)) } ?? made(seed: seed, kind: kind, count: count),
            corruption: own == nil ? corrupt ?? corruption : nil,
            positions: positions,
            prependsBOS: bos.prependBos
        )
    }

    private func made(seed: UInt64, kind: PromptKind, count: Int) -> CausalSource.Origin {
        let count = shape.nPrompts ?? count
        switch (promptsKind ?? .made(kind), corpus) {
        case (.natural, let corpus?):
            var recipe = NaturalRecipe(count: count, seed: seed)
            recipe.length = shape.length ?? recipe.length
            recipe.ngram = ngram ?? recipe.ngram
            return .natural(recipe, corpus: URL(filePath: corpus))
        case (.natural, nil):
            preconditionFailure("natural prompts without a corpus are refused by validate")
        case (.made(let kind), _):
            return .recipe(
                PromptRecipe(
                    kind: kind,
                    count: count,
                    length: shape.length,
                    lag: shape.lag,
                    copied: copied,
                    seed: seed
                )
            )
        }
    }

    private func ownFiles(_ clean: PromptSource) -> CausalSource.Files {
        CausalSource.Files(
            clean: clean,
            corrupted: corrupted.map { path in
                // A JSON file is what the clean one is: strings or ids.
                if case .strings = clean, case .tokens(let url) = fileSource(path) { return .strings(url) }
                return fileSource(path)
            },
            answers: answers.map(completions),
            foils: foils.map(completions)
        )
    }

    private func fileSource(_ path: String) -> PromptSource {
        let url = URL(filePath: path)
        return url.pathExtension == "json" ? .tokens(url) : .lines(url)
    }

    private func completions(_ text: String) -> Completions {
        if text.hasSuffix(".json") || text.hasSuffix(".txt") { return .file(URL(filePath: text)) }
        return .listed(
            text.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        )
    }
}
