// Prompts with answers from recipes, texts and files, on a model of words: A is 1, B is 2, and so on, BOS is 0.
import Foundation
import Induction
import Runs
import TestSupport
import Testing
import Transformers

@testable import Lab

@Suite struct CausalSourceTests {
    private let directory: TestDirectory
    private let model: OpenedModel

    init() throws {
        directory = try TestDirectory()
        model = try OpenedModel("induct-2l")
    }

    private func lines(_ name: String, _ text: String) throws -> PromptSource {
        .lines(try directory.write(name, text))
    }

    private func tokens(_ name: String, _ text: String) throws -> PromptSource {
        .tokens(try directory.write(name, text))
    }

    private func target(_ prompt: Int, _ position: Int, _ answer: Int, foil: Int? = nil) -> PredictionTarget {
        PredictionTarget(cell: OutputCell(prompt: prompt, position: position), answer: answer, foil: foil)
    }

    @Test func aRecipeIsMadeWithItsCorruption() throws {
        let source = CausalSource(
            .recipe(PromptRecipe(kind: .bigram, count: 5, seed: 42)),
            corruption: .second
        )
        let prompts = try source.prompts(for: model)
        #expect(prompts.clean.count == 5 && prompts.clean.rows.allSatisfy { $0.count == 36 && $0[0] == 0 })
        let broken = try #require(prompts.corrupted?.rows)
        for (index, target) in prompts.targets.enumerated() {
            let (clean, corrupted) = (prompts.clean.rows[index], broken[index])
            #expect(target.cell == OutputCell(prompt: index, position: 35) && target.answer == clean[2])
            #expect(target.foil == corrupted[2] && clean[1] == corrupted[1] && clean[2] != corrupted[2])
        }
        #expect(source.description == "bigram prompts")
        #expect(try source.inputs(for: model).map(\.role) == ["tokens"])
    }

    @Test func aTextIsMined() throws {
        // Two windows of ten tokens end where a pair comes back: A B, and C I.
        let corpus = try directory.write("corpus.txt", "O P Q A B C D E F A B G H\nC I J K C I L M\n")
        let recipe = NaturalRecipe(count: 2, length: 10, seed: 1)
        let source = CausalSource(.natural(recipe, corpus: corpus), corruption: .first, prependsBOS: false)
        let prompts = try source.prompts(for: model)
        let windows = [[15, 16, 17, 1, 2, 3, 4, 5, 6, 1], [6, 1, 2, 7, 8, 3, 9, 10, 11, 3]]
        let order = prompts.clean.rows == windows ? [0, 1] : [1, 0]
        #expect(prompts.clean.rows == order.map { windows[$0] })
        #expect(prompts.targets.map(\.answer) == order.map { [2, 9][$0] })
        #expect(prompts.targets.map(\.cell.position) == [9, 9])
        let broken = try #require(prompts.corrupted?.rows)
        for (index, place) in zip(0..., order.map { [3, 5][$0] }) {
            let changed = (0..<10).filter { broken[index][$0] != prompts.clean.rows[index][$0] }
            #expect(changed == [place])
        }
        #expect(source.description == "natural prompts of corpus.txt")
        let inputs = try source.inputs(for: model)
        #expect(inputs.map(\.role) == ["corpus", "tokens"])
        #expect(inputs[0].files == [try FileDigest(of: corpus)])
        #expect(inputs[1].files.map(\.name) == ["clean", "corrupted", "targets"])
    }

    @Test func textsWithWordsThatFollow() throws {
        let source = CausalSource(
            .files(
                CausalSource.Files(
                    clean: try lines("clean.txt", "A B C A\nD E F D\n"),
                    corrupted: try lines("corrupted.txt", "A X C A\nD Y F D\n"),
                    answers: .listed(["B", "E"]),
                    foils: .file(try directory.write("foils.txt", "Z\n Mary \n"))
                )
            )
        )
        let prompts = try source.prompts(for: model)
        #expect(prompts.clean.rows == [[0, 1, 2, 3, 1], [0, 4, 5, 6, 4]])
        #expect(prompts.corrupted?.rows == [[0, 1, 24, 3, 1], [0, 4, 25, 6, 4]])
        #expect(prompts.targets == [target(0, 4, 2, foil: 26), target(1, 4, 5, foil: 37)])
        #expect(try source.inputs(for: model).map(\.role) == ["clean", "corrupted", "foils", "tokens"])
        #expect(source.description == "prompts of clean.txt")
    }

    /// Ids as they are, answers as ids or words; one that is listed is that of every prompt.
    @Test func idsWithTargets() throws {
        let clean = try tokens("clean.json", "[[1, 2, 3, 1], [4, 5, 4]]")
        func targets(_ answers: Completions?, _ positions: ReadPositions? = nil) throws -> [PredictionTarget]
        {
            let files = CausalSource.Files(clean: clean, answers: answers)
            return try CausalSource(.files(files), positions: positions).prompts(for: model).targets
        }
        #expect(
            try targets(.file(directory.write("t.json", "[2, \"E\"]"))) == [target(0, 3, 2), target(1, 2, 5)]
        )
        #expect(try targets(.listed(["7"])) == [target(0, 3, 7), target(1, 2, 7)])
        #expect(
            try targets(nil) == [
                target(0, 0, 2), target(0, 1, 3), target(0, 2, 1), target(1, 0, 5), target(1, 1, 4),
            ],
            "without answers every next token is one"
        )
        #expect(try targets(.listed(["2", "9"]), .targets) == [target(0, 3, 2), target(1, 2, 9)])
    }

    @Test func theReceiptKeepsASource() throws {
        let files = CausalSource.Files(
            clean: .strings(URL(filePath: "/a/clean.json")),
            corrupted: .lines(URL(filePath: "/a/other.txt")),
            answers: .listed(["B", "1"]),
            foils: .file(URL(filePath: "/a/foils.txt"))
        )
        let sources = [
            CausalSource(.files(files), positions: .targets, prependsBOS: false),
            CausalSource(
                .natural(NaturalRecipe(length: 30, ngram: 3, seed: 9), corpus: URL(filePath: "/b")),
                corruption: .cue
            ),
            CausalSource(
                .recipe(PromptRecipe(kind: .multitoken, copied: 3)),
                corruption: .first,
                positions: .all
            ),
        ]
        for source in sources {
            let data = try JSONEncoder().encode(source)
            #expect(try JSONDecoder().decode(CausalSource.self, from: data) == source)
        }
    }

    /// What fails, and the words for it.
    private func failure(
        clean: String,
        corrupted: String? = nil,
        answers: Completions? = nil,
        foils: Completions? = nil,
        positions: ReadPositions? = nil
    ) throws -> String {
        let isIDs = clean.hasPrefix("[")
        let files = CausalSource.Files(
            clean: isIDs ? try tokens("clean.json", clean) : try lines("clean.txt", clean),
            corrupted: try corrupted.map { try lines("corrupted.txt", $0) },
            answers: answers,
            foils: foils
        )
        do {
            _ = try CausalSource(.files(files), positions: positions).prompts(for: model)
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test func wordsThatAreNoToken() throws {
        #expect(
            try failure(clean: "A B A\nC D C\n", answers: .listed(["B", "xylophone"])) == """
                answers, prompt 1: 'xylophone' is not one token of this model's vocabulary; give a word that is one token, or \
                its id in a .json file.
                """
        )
        #expect(
            try failure(clean: "A B A\n", answers: .listed(["B"]), foils: .listed(["C D"])) == """
                foils, prompt 0: 'C D' is not one token of this model's vocabulary, but 2; give a word that is one token, or \
                its id in a .json file.
                """
        )
        #expect(
            try failure(clean: "[[1, 2, 1]]", answers: .listed(["B"])) == """
                answers, prompt 0: 'B' is no token id; the prompts are token ids, so give ids, or words in a .json file.
                """
        )
    }

    @Test func whatDoesNotFitTogether() throws {
        #expect(
            try failure(clean: "A B A\nC D C\n", answers: .listed(["B", "D", "E"]))
                == "answers: 3 for 2 prompts; give one for each prompt, in the same order."
        )
        #expect(
            try failure(clean: "A B A\n", corrupted: "A C D A\n", answers: .listed(["B"])).hasPrefix(
                "prompt 0 has 4 tokens, its corrupted one 5; the two must align token by token"
            )
        )
        #expect(
            try failure(clean: "[[1, 2, 1]]", answers: .listed(["121"])).hasPrefix(
                "answers, prompt 0: token id 121 is outside the vocabulary, which ends at 120;"
            )
        )
        #expect(
            try failure(clean: "[[1, 500, 1]]", answers: .listed(["1"])).hasPrefix(
                "prompt 0, position 1: token id 500 is outside the vocabulary"
            )
        )
        #expect(try failure(clean: "A B\n", positions: .last).contains("has no answer to compare with"))
        #expect(
            try failure(clean: "A B\n", positions: .targets).contains("no position of the prompts has an")
        )
        let wrong = try directory.write("wrong.json", "[2, null]")
        #expect(
            try failure(clean: "A B A\nC D C\n", answers: .file(wrong)).contains(
                "wrong.json: [1]: expected a whole number of at least 0, found null"
            )
        )
    }
}
