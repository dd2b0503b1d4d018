// induct tokenize: the tokens of texts.
import ArgumentParser
import Foundation
import Lab
import Transformers

struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Show the tokens of prompts.",
        discussion: "Prompts come from --text, --prompts or --tokens, or are made, as for 'induct scan'."
    )

    @OptionGroup(title: "Model") var model: ModelName
    @OptionGroup(title: "Prompts") var prompts: PromptOptions
    @OptionGroup var seed: SeedOption

    @Flag(help: "Print {\"tokens\": [[id, ...], ...]}.")
    var json = false

    func run() throws {
        let opened = try model.open(quiet: false)
        let tokens = try prompts.source(seed: seed.seed).tokens(
            for: opened,
            prependsBOS: prompts.bos.prependBos
        )
        if json {
            Terminal.write(try JSONEncoder().encode(["tokens": tokens.rows]) + Data("\n".utf8))
            return
        }
        for row in tokens.rows {
            let labels = try opened.labels(of: row)
            print(zip(row, labels).map { "\($0):\($1)" }.joined(separator: "|"))
        }
    }
}
