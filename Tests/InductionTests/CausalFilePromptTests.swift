// Prompts that a user brings: what is read from them, and every way in which they may not fit.
import Testing
import Transformers

@testable import Induction

@Suite struct CausalFilePromptTests {
    //                     0  1  2  3  4  5  6  7
    private let prompt = [0, 5, 6, 8, 5, 6, 9, 5]

    private func prompts(
        _ clean: [[Int]],
        corrupted: [[Int]]? = nil,
        answers: [Int]? = nil,
        foils: [Int]? = nil,
        _ positions: ReadPositions = .last
    ) throws -> CausalPrompts {
        try CausalPrompts(
            clean: clean,
            corrupted: corrupted,
            answers: answers,
            foils: foils,
            positions: positions,
            excluding: [0],
            vocabularySize: 20
        )
    }

    private func read(_ prompts: CausalPrompts) -> [[Int]] {
        prompts.targets.map { [$0.cell.prompt, $0.cell.position, $0.answer] }
    }

    @Test func lastReadsTheAnswers() throws {
        let made = try prompts([prompt, [0, 4]], answers: [6, 3], foils: [7, 1])
        #expect(read(made) == [[0, 7, 6], [1, 1, 3]])
        #expect(made.targets.map(\.foil) == [7, 1] && made.corrupted == nil)
        #expect(made.clean.rows == [prompt, [0, 4]])
    }

    @Test func targetsAreWhatAnEarlierPairAnswers() throws {
        #expect(try read(prompts([prompt], .targets)) == [[0, 4, 6]])
        #expect(try read(prompts([prompt], answers: [6], .targets)) == [[0, 4, 6], [0, 7, 6]])
        // Known, though not from before.
        #expect(try read(prompts([prompt], answers: [9], .targets)) == [[0, 4, 6], [0, 7, 9]])
        // The nearest copy counts: 5 was last followed by 6, then by 7.
        #expect(try read(prompts([[5, 6, 5, 7, 5, 6], [5, 7, 5, 6, 5, 6, 1]], .targets)) == [[1, 4, 6]])
        // A token after itself is no pair, and special tokens are none.
        #expect(
            try read(prompts([[4, 4, 4, 4], [0, 3, 1, 0, 3], [1, 2, 3, 1, 2]], .targets)) == [[2, 3, 2]]
        )
    }

    @Test func allAreAllNextTokens() throws {
        #expect(try read(prompts([[0, 4, 3], [2]], .all)) == [[0, 0, 4], [0, 1, 3]])
        #expect(
            try read(prompts([[0, 4, 3], [2]], answers: [9, 8], .all))
                == [[0, 0, 4], [0, 1, 3], [0, 2, 9], [1, 0, 8]]
        )
    }

    @Test func theCorruptedPromptsOwnAnswerIsTheFoil() throws {
        func foils(_ corrupted: [Int], answer: Int = 2, foils: [Int]? = nil) throws -> [Int?] {
            try prompts([[0, 1, 2, 3, 1]], corrupted: [corrupted], answers: [answer], foils: foils).targets
                .map(\.foil)
        }
        #expect(try foils([0, 1, 9, 3, 1]) == [9], "second")
        #expect(try foils([0, 8, 2, 3, 1]) == [nil], "first")
        #expect(try foils([0, 1, 2, 3, 8]) == [nil], "cue")
        #expect(try foils([0, 1, 9, 3, 1], foils: [5]) == [5], "the user's comes before")
        #expect(
            try foils([0, 1, 9, 3, 1], answer: 7) == [nil],
            "an answer that is not copied has no such foil"
        )
    }

    @Test func promptsMayLackTargetsOfTheirOwn() throws {
        #expect(try read(prompts([[1, 2, 3], prompt], .targets)) == [[1, 4, 6]])
    }

    private func error(
        _ clean: [[Int]],
        corrupted: [[Int]]? = nil,
        answers: [Int]? = nil,
        foils: [Int]? = nil,
        _ positions: ReadPositions = .last,
        _ expected: CausalPromptsError,
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = #expect(throws: CausalPromptsError.self, sourceLocation: sourceLocation) {
            try prompts(clean, corrupted: corrupted, answers: answers, foils: foils, positions)
        }
        #expect(found == expected, sourceLocation: sourceLocation)
        #expect(found?.description == text, sourceLocation: sourceLocation)
    }

    @Test func promptsMustBeThere() {
        #expect(throws: TokensError.noPrompts) { try prompts([], answers: []) }
        #expect(throws: TokensError.emptyPrompt(1)) { try prompts([[1], []], .all) }
    }

    @Test func countsMustAgree() {
        error(
            [[1, 2], [3]],
            corrupted: [[1, 2]],
            answers: [1, 2],
            .countsDiffer(.corrupted, found: 1, prompts: 2),
            "corrupted prompts: 1 for 2 prompts; give one for each prompt, in the same order."
        )
        error(
            [[1, 2], [3]],
            answers: [1, 2, 3],
            .countsDiffer(.answers, found: 3, prompts: 2),
            "answers: 3 for 2 prompts; give one for each prompt, in the same order."
        )
        error(
            [[1, 2], [3]],
            answers: [1, 2],
            foils: [],
            .countsDiffer(.foils, found: 0, prompts: 2),
            "foils: 0 for 2 prompts; give one for each prompt, in the same order."
        )
    }

    @Test func lengthsMustAgree() {
        error(
            [[1, 2], [3, 4, 5]],
            corrupted: [[1, 2], [3, 4]],
            answers: [1, 2],
            .lengthsDiffer(prompt: 1, clean: 3, corrupted: 2),
            "prompt 1 has 3 tokens, its corrupted one 2; the two must align token by token, so replace words by words "
                + "of as many tokens, or give token ids."
        )
    }

    @Test func answersMustBeInTheVocabulary() {
        error(
            [[1], [2]],
            answers: [19, 20],
            .outsideVocabulary(.answers, prompt: 1, id: 20, size: 20),
            "answers, prompt 1: token id 20 is outside the vocabulary, which ends at 19; check that the ids were made by "
                + "this model's tokenizer."
        )
        error(
            [[1], [2]],
            answers: [19, 18],
            foils: [-1, 0],
            .outsideVocabulary(.foils, prompt: 0, id: -1, size: 20),
            "foils, prompt 0: token id -1 is outside the vocabulary, which ends at 19; check that the ids were made by "
                + "this model's tokenizer."
        )
    }

    @Test func answersMustBeThereAndTellSomethingApart() {
        error(
            [[1], [2]],
            answers: [3, 4],
            foils: [5, 4],
            .answerIsFoil(prompt: 1, id: 4),
            "prompt 1: the answer and the foil are the same token, 4; give another foil."
        )
        error(
            [[1, 2]],
            foils: [5],
            .all,
            .foilsWithoutAnswers,
            "there are foils but no answers; give the answers that they are compared with."
        )
        error(
            [[1, 2]],
            .lastWithoutAnswers,
            "the prediction after a prompt's last token has no answer to compare with; give answers, one a prompt, or "
                + "read predictions within the prompts, with --positions targets or --positions all."
        )
    }

    @Test func somethingMustBeRead() {
        error(
            [[1, 2, 3]],
            .targets,
            .noTargets(.targets),
            "no position of the prompts has an answer: nowhere does a pair of tokens come back; read every next token "
                + "with --positions all, or give answers."
        )
        error(
            [[1]],
            .all,
            .noTargets(.all),
            "no prompt has a second token, so there is no answer to read; give longer prompts, or answers."
        )
    }
}
