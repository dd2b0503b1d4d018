// What people read when prompts of a causal experiment do not fit.
import Testing

@testable import Induction

@Suite struct EffectErrorTests {
    @Test(arguments: [
        (
            EffectError.noSuchPrompt(target: 4, prompt: 9, count: 8),
            "target 4 belongs to prompt 9, the last of the prompts is 7; give one list of both."
        ),
        (
            .noSuchPosition(prompt: 1, position: 6, length: 6),
            """
            prompt 1: a prediction is read at position 6, the last position is 5; choose a position of the prompt.
            """
        ),
        (.noTarget(prompt: 2), "prompt 2 has no target; give every prompt an answer."),
        (
            .outsideVocabulary(.answer, prompt: 0, id: 50304, size: 50257),
            """
            prompt 0: the answer, token id 50304, is outside the vocabulary, which ends at 50256; check that the ids were \
            made by this model's tokenizer.
            """
        ),
        (
            .foilIsAnswer(prompt: 3, id: 17),
            """
            prompt 3: token id 17 is answer and foil, so their logits never differ; choose another foil, or the metric \
            loss or prob.
            """
        ),
        (
            .noCorrupted,
            "there are no corrupted prompts; patching needs one of equal length for each clean prompt."
        ),
        (
            .unpaired(clean: 64, corrupted: 63),
            "there are 64 clean and 63 corrupted prompts; give one corrupted prompt for each clean one."
        ),
        (
            .lengthsDiffer(prompt: 5, clean: 35, corrupted: 34),
            """
            prompt 5 has 35 tokens, its corrupted prompt 34; an activation is moved between equal positions, so give both \
            the same number of tokens.
            """
        ),
        (
            .nothingToResample(prompt: 1, length: 8),
            """
            prompt 1 is the only one of 8 tokens; resampling takes the activation of another prompt of the same length, so \
            give at least two of each length.
            """
        ),
        (
            .referenceTooShort(reference: 7, needed: 8),
            """
            the longest reference prompt has 7 tokens, the longest prompt 8; a mean by position needs a reference prompt \
            that reaches every position. Give longer ones, or take the mean over positions too.
            """
        ),
        (
            .positionBeyondPrompt(position: 8, prompt: 1, length: 6),
            """
            position 8 does not exist in prompt 1, whose last position is 5; choose positions that all prompts have, or \
            prompts of one length.
            """
        ),
    ])
    func text(error: EffectError, expected: String) {
        #expect(error.description == expected)
    }
}
