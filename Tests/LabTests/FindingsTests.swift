// What results say of themselves: true also where the numbers are small, negative, few or not there.
import Induction
import Testing
import Transformers

@testable import Lab

@Suite struct FindingsTests {
    private let model: LoadedModel
    private let bigrams = CausalSource(.recipe(PromptRecipe(kind: .bigram, count: 16, seed: 42)))

    init() throws { model = try LoadedModel("induct-2l") }

    private func patch(_ heads: [Head]?, _ direction: PatchingDirection) throws -> [String] {
        var source = bigrams
        source.corruption = .second
        return try Patch(
            comparison: Comparison(prompts: source, direction: direction),
            components: ComponentChoice(.head, heads: heads)
        ).run(on: model).findings
    }

    @Test func aScanOfShortPromptsHasNothingToTell() throws {
        let short = Scan(prompts: .texts(["A B C D"]))
        #expect(
            try short.run(on: model).findings == [
                "No head of induct-2l can be given the induction score on these prompts."
            ]
        )
        let scan = try Scan(score: .duplicate).run(on: model).findings
        #expect(
            scan[1].hasPrefix(
                "No head puts more than half of the attention there."
            )
        )
        #expect(scan.count == 3, "no word of previous-token heads")
    }

    @Test func ablationsSayHowAHeadWasCut() throws {
        let zero = try Ablate(prompts: bigrams).run(on: model).findings
        #expect(zero[0].hasPrefix("Without L0H2 of induct-2l the loss of the right token changes by +"))
        #expect(zero[0].hasSuffix("nats, the largest rise of 8 heads."))
        let one = ComponentChoice(.head, heads: [Head(layer: 0, index: 0)])
        let mean = try Ablate(prompts: bigrams, components: one, mode: .mean).run(on: model).findings
        #expect(mean[0].hasPrefix("With another output of L0H0 of induct-2l the loss"))
        #expect(mean[0].hasSuffix("nats.") && mean[1].contains("of 1 tested change"))
    }

    @Test func patchingNamesHowManyWereTried() throws {
        let all = try patch(nil, .denoising)
        #expect(
            all[0].contains(" of induct-2l, taken from the clean run into the corrupted one, brings back 2")
        )
        #expect(all[0].hasSuffix("of the difference between them: the most of 8 heads."))
        #expect(
            try patch(nil, .noising)[0].contains(
                "taken from the corrupted run into the clean one, takes away "
            )
        )
        let one = try patch([Head(layer: 1, index: 2)], .denoising)
        #expect(one[0].hasSuffix("of the difference between them."))
    }

    @Test func aLensNamesTheRowOfItsTable() throws {
        let found = try Lens().run(on: model)
        #expect(found.findings[0].contains("; most of it appears after block 2, where it rises from 0."))
        #expect(found.text.contains("after block 2"))
        // A model that never gets there: no row has most of it.
        let other = try LoadedModel("shakespeare-char")
        #expect(try !Lens().run(on: other).findings[0].contains("most of it"))
    }

    @Test func aPathAgainstTheOthersIsCalledSo() throws {
        var source = bigrams
        source.corruption = .first
        let findings = try Paths(comparison: Comparison(prompts: source, direction: .noising)).run(on: model)
            .findings
        #expect(findings[0].hasPrefix("The path from L0H2 into L1H2.k of induct-2l takes away 6"))
        #expect(findings[0].hasSuffix("the largest effect of 48 paths."))
        #expect(Estimate(mean: -0.0001, low: -0.2, high: 0, pairs: 1).percent == "0.0% [-20.0%, 0.0%]")
    }

    @Test func weightsAreNotSaidToCopyWhereTheyDoNot() throws {
        let copying = try CircuitSurvey(draws: 2).run(on: model).findings
        #expect(
            copying[0].hasPrefix("L1H0 of induct-2l writes what it looks at: its OV circuit has the highest")
        )
        let other = try CircuitSurvey(draws: 2).run(on: LoadedModel("shakespeare-char")).findings
        #expect(other[0].contains(" of shakespeare-char copies most: "))
    }
}
