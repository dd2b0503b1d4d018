// induct cache: activations to a file.
import ArgumentParser
import Foundation
import Lab
import Transformers

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Write activations at chosen sites to a .safetensors or .npy file.",
        discussion: """
            Sites have TransformerLens's names and axis order; '*' stands for anything: 'blocks.*.attn.hook_pattern', \
            'blocks.3.hook_resid_post', 'logits'. The file also holds tokens [prompt, position] and lengths [prompt]; \
            positions behind the end of a prompt hold zeros. Weights are as in the checkpoint: norms are not folded.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @Option(
        help: ArgumentHelp("A site or a pattern of sites; may be given several times.", valueName: "name")
    )
    var names: [String]

    @OptionGroup var seed: SeedOption

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    @OptionGroup var quiet: QuietFlag

    func run() throws {
        let loaded = try model.name.open(quiet: quiet.quiet).load(model.compute)
        let tokens = try prompts.source(seed: seed.seed).tokens(
            for: loaded.opened,
            prependsBOS: prompts.bos.prependBos
        )
        let cache = ActivationCache(names: names, batchSize: loaded.compute.batchSize)
        let bar = ProgressBar("cache", quiet: quiet.quiet)
        let sites = try cache.write(tokens, through: loaded.transformer, to: URL(filePath: output)) {
            bar.show($0, $1)
        }
        bar.finish()
        quiet.notice("\(output): \(sites.count) sites of \(tokens.count) prompts")
    }
}
