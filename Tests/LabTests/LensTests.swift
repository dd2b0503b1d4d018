// The lens as a value: what it reads, what its receipt says, what a reader is told.
import Foundation
import Induction
import Runs
import Testing
import Tokenizers
import Transformers

@testable import Lab

@Suite struct LensTests {
    private func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TransformersTests/Fixtures/\(name)").path
    }

    @Test func comesBackFromAReceipt() throws {
        let lens = Lens(
            prompts: CausalSource(.files(.init(clean: .texts(["A B", "C D"]), answers: .listed(["A"])))),
            topCount: 3,
            threshold: 0.25,
            example: 1,
            seed: 9
        )
        #expect(try JSONDecoder().decode(Lens.self, from: JSONEncoder().encode(lens)) == lens)
        #expect(Lens().prompts.origin == .recipe(PromptRecipe(count: 64)))
    }

    @Test func theReceiptListsWhatIsRead() throws {
        let model = try OpenedModel("induct-2l")
        let typed = CausalSource.Files(clean: .texts(["A B A", "C D"]))
        let free = try Lens(prompts: CausalSource(.files(typed))).inputs(for: model)
        #expect(free.map(\.role) == ["tokens"] && free[0].files.map(\.name) == ["tokens"])
        let made = try Lens(prompts: CausalSource(.recipe(PromptRecipe(count: 2)))).inputs(for: model)
        #expect(made[0].files.map(\.name) == ["clean", "targets"])
        // The last prediction of each prompt where there are no answers; all where positions say so.
        let read = try Lens(prompts: CausalSource(.files(typed))).read(for: model)
        #expect(read.targets == nil)
        #expect(read.cells == [OutputCell(prompt: 0, position: 3), OutputCell(prompt: 1, position: 2)])
        let all = try Lens(prompts: CausalSource(.files(typed), positions: .all)).read(for: model)
        #expect(all.cells.count == 5 && all.targets?.count == 5)
    }

    @Test func aCapIsSaidAndTheTermsAddUpBeforeIt() throws {
        let model = try LoadedModel(fixture("gemma2"))
        let recipe = PromptRecipe(count: 3, length: 12, seed: 5)
        let result = try Lens(prompts: CausalSource(.recipe(recipe)), example: 2).run(on: model)
        #expect(
            result.notes == [
                "Intervals from 3 prompts are approximate; 100 or more make them reliable.",
                "The model caps its logits; attributed is the logit difference before the cap.",
            ]
        )
        let attribution = try #require(result.attribution)
        let difference = try #require(attribution.difference.mean)
        #expect(abs(attribution.sum - difference) < 1e-4 * abs(difference))
        #expect(attribution.example.cell == result.example.reading.cell)
        #expect(result.example.reading.cell.prompt == 2)
        let last = try #require(result.example.reading.rows.last)
        for (path, top) in zip(result.example.paths, last.top) {
            #expect(path.id == top.id)
            #expect(abs((path.probabilities.last ?? 0) - top.probability) < 1e-6)
        }
    }

    @Test func tokensWithoutATextAreCalledByTheirID() {
        let names = TokenNames([3, 900, 3], in: PlainIDs(vocabularySize: 61, bosTokenID: nil))
        #expect(names.text(3) == "3" && names.quoted(3) == "\"3\"")
        #expect(names.text(900) == "[900]" && names.quoted(900) == "[900]")
    }
}
