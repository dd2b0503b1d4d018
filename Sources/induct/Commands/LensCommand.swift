// induct lens: how predictions form, and what writes them.
import ArgumentParser
import Lab

struct LensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lens",
        abstract: "See a prediction form from layer to layer, and what writes it.",
        discussion: """
            The logit lens reads the residual stream as if the model ended there: layer 0 is the embedding, layer l what \
            leaves block l (counted from 1, so that head L0H3 writes to layer 1), the last the prediction itself. One \
            prompt is shown in detail (--example), all are summed up; without options, 64 of kind repeat. The model is confident from the layer on from which the top token is the final one and keeps \
            at least the probability of --threshold; stability is the share of earlier layers with that top token.

            Direct logit attribution splits the logit of the answer minus that of the foil into what each component \
            wrote; the terms add up to it. Without foils, the foil is the most probable token other than the answer.

              induct lens --prompt "A B C A" --answers B

            Without --json, text is printed, and lens.json, lens.csv and attribution.csv go to the output directory with \
            figures; the evolution is copied to results/induction_logit_lens.png.
            """
    )

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Prompts") var prompts: CausalPromptOptions

    @Option(help: ArgumentHelp("Top tokens of a layer.", valueName: "n"))
    var topk = 5

    @Option(help: ArgumentHelp("Probability from which a prediction counts as settled.", valueName: "p"))
    var threshold = 0.5

    @Option(help: ArgumentHelp("The prompt to show in detail, counted from 0.", valueName: "n"))
    var example = 0

    @OptionGroup var seed: SeedOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if topk < 1 { throw ValidationError("--topk must be at least 1.") }
        if !(0...1).contains(threshold) { throw ValidationError("--threshold must be from 0 to 1.") }
        if example < 0 { throw ValidationError("--example must be at least 0.") }
    }

    func run() throws {
        let lens = Lens(
            prompts: prompts.source(seed: seed.seed, count: Lens.promptCount),
            topCount: topk,
            threshold: threshold,
            example: example,
            seed: seed.seed
        )
        try output.perform(model.experiment(lens))
    }
}
