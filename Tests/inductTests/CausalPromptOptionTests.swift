// The options of prompts with answers: what they mean, and what does not go together.
import ArgumentParser
import Foundation
import Induction
import Lab
import Testing

@testable import induct

@Suite struct CausalPromptOptionTests {
    private func source(_ arguments: String, corruption: Corruption? = .second) throws -> CausalSource {
        try CausalPromptOptions.parse(arguments.split(separator: " ").map(String.init))
            .source(seed: 42, kind: .bigram, count: 64, corruption: corruption)
    }

    private func url(_ path: String) -> URL { URL(filePath: path) }

    @Test func theCommandsOwnPrompts() throws {
        #expect(
            try source("")
                == CausalSource(
                    .recipe(PromptRecipe(kind: .bigram, count: 64, seed: 42)),
                    corruption: .second
                )
        )
        #expect(try source("", corruption: nil).corruption == nil)
        #expect(
            try source("--corrupt cue --positions all --no-prepend-bos", corruption: nil).corruption == .cue
        )
    }

    @Test func madePrompts() throws {
        let made = try source("--prompts-kind repeat --n-prompts 5 --length 40 --lag 12 --positions targets")
        let recipe = PromptRecipe(kind: .repeat, count: 5, length: 40, lag: 12, seed: 42)
        #expect(made == CausalSource(.recipe(recipe), corruption: .second, positions: .targets))
        let several = try source("--prompts-kind multitoken --copied 3")
        #expect(several.origin == .recipe(PromptRecipe(kind: .multitoken, count: 64, copied: 3, seed: 42)))
    }

    @Test func naturalPrompts() throws {
        let plain = try source("--prompts-kind natural --corpus tale.txt")
        #expect(plain.origin == .natural(NaturalRecipe(count: 64, seed: 42), corpus: url("tale.txt")))
        let chosen = try source("--prompts-kind natural --corpus t --ngram 3 --length 20 --n-prompts 7")
        let recipe = NaturalRecipe(count: 7, length: 20, ngram: 3, seed: 42)
        #expect(chosen.origin == .natural(recipe, corpus: url("t")))
    }

    @Test func promptsOfOnesOwn() throws {
        let ids = try source("--tokens f.json --targets t.json --positions last")
        #expect(
            ids
                == CausalSource(
                    .files(.init(clean: .tokens(url("f.json")), answers: .file(url("t.json")))),
                    positions: .last
                ),
            "no corruption: the prompts are as they are"
        )
        let arguments = ["--prompt", "A B A", "--prompt", "C D", "--answers", "B,E"]
        let typed = try CausalPromptOptions.parse(arguments).source(seed: 1)
        let own = CausalSource.Files(clean: .texts(["A B A", "C D"]), answers: .listed(["B", "E"]))
        #expect(typed == CausalSource(.files(own)))
        let stored = try JSONDecoder().decode(CausalSource.self, from: JSONEncoder().encode(typed))
        #expect(stored == typed)
        let texts = try source("--clean a.txt --corrupted b.txt --answers B,C --foils d.txt")
        #expect(
            texts.origin
                == .files(
                    .init(
                        clean: .lines(url("a.txt")),
                        corrupted: .lines(url("b.txt")),
                        answers: .listed(["B", "C"]),
                        foils: .file(url("d.txt"))
                    )
                )
        )
        #expect(
            try source("--clean a.json --corrupted b.json").origin
                == .files(.init(clean: .tokens(url("a.json")), corrupted: .tokens(url("b.json"))))
        )
        #expect(
            try source("--prompts a.json --corrupted b.json").origin
                == .files(.init(clean: .strings(url("a.json")), corrupted: .strings(url("b.json"))))
        )
    }

    @Test(arguments: [
        ("--clean a --tokens b", "--clean and --tokens exclude each other: give one source of prompts."),
        ("--text a --prompts b", "--text and --prompts exclude each other: give one source of prompts."),
        (
            "--clean a --corrupt first",
            "--corrupt breaks prompts that are made; give the broken ones of --clean with --corrupted."
        ),
        (
            "--tokens a --prompts-kind bigram",
            "--prompts-kind is for prompts that are made; --tokens names a file of them."
        ),
        ("--clean a --length 9", "--length is for prompts that are made; --clean names a file of them."),
        ("--clean a --corpus b", "--corpus is for prompts that are made; --clean names a file of them."),
        ("--text a --copied 2", "--copied is for prompts that are made; --text names a file of them."),
        (
            "--answers B",
            "--answers goes with prompts of your own: give them with --prompt, --clean, --text, --prompts or --tokens."
        ),
        (
            "--corrupted b --prompts-kind repeat",
            "--corrupted goes with prompts of your own: give them with --prompt, --clean, --text, --prompts or --tokens."
        ),
        (
            "--foils b",
            "--foils goes with prompts of your own: give them with --prompt, --clean, --text, --prompts or --tokens."
        ),
        (
            "--prompts-kind natural",
            "--prompts-kind natural looks for prompts in a text: add --corpus FILE."
        ),
        (
            "--prompts-kind natural --corpus a --lag 3",
            "--lag is for prompts that are made; natural prompts are as the text has them."
        ),
        ("--corpus a", "--corpus is for natural prompts: add --prompts-kind natural."),
        ("--prompts-kind abab --ngram 3", "--ngram is for natural prompts: add --prompts-kind natural."),
        (
            "--clean a.json --prepend-bos",
            "The token ids of --clean are used as they are; put BOS into the file, or leave --prepend-bos away."
        ),
        (
            "--tokens a.json --no-prepend-bos",
            "--tokens are used as they are; put BOS into the file, or leave --prepend-bos away."
        ),
        ("--n-prompts 0", "--n-prompts must be at least 1."),
    ])
    func whatDoesNotGoTogether(arguments: String, message: String) {
        let error = #expect(throws: (any Error).self) { try source(arguments) }
        #expect(error.map { CausalPromptOptions.message(for: $0) } == message)
    }

    @Test func kindsAreListed() {
        let error = #expect(throws: (any Error).self) { try source("--prompts-kind haiku") }
        #expect(
            error.map { CausalPromptOptions.message(for: $0) }?.hasPrefix(
                "The value 'haiku' is invalid for '--prompts-kind <kind>'."
            ) == true
        )
        #expect(CausalPromptKind.allValueStrings.suffix(2) == ["multitoken", "natural"])
    }
}
