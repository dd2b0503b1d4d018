// What is said to somebody whose settings do not go together.
import Testing

@testable import Formation

private let messages: [(TaskError, String)] = [
    (
        TaskError.outOfRange(setting: "--n-repeats-per-seq", value: 1, allowed: 2...1 << 20),
        "--n-repeats-per-seq is 1; give a number from 2 to 1048576."
    ),
    (
        .concentrationOutOfRange(-0.5, allowed: 0.001...1000),
        "--concentration is -0.5; give a number from 0.001 to 1000.0."
    ),
    (
        .patternLengthsReversed(minimum: 12, maximum: 5),
        """
        --min-pattern-length is 12 and --max-pattern-length is 5; give a minimum that is not above the \
        maximum.
        """
    ),
    (
        .vocabularyTooSmall(.patterns, needed: 14, found: 9),
        """
        the patterns task needs 14 different tokens with these settings, the vocabulary has 9 beside \
        the one that begins a sequence; raise --vocab-size or lower --max-pattern-length.
        """
    ),
    (
        .vocabularyTooSmall(.repeat, needed: 14, found: 9),
        """
        the repeat task needs 14 different tokens with these settings, the vocabulary has 9 beside the \
        one that begins a sequence; raise --vocab-size or lower --max-pattern-length.
        """
    ),
    (
        .vocabularyTooSmall(.bigram, needed: 7, found: 6),
        """
        the bigram task needs 7 different tokens with these settings, the vocabulary has 6 beside the \
        one that begins a sequence; raise --vocab-size or lower --n-triggers.
        """
    ),
    (
        .vocabularyTooSmall(.markov, needed: 2, found: 1),
        """
        the markov task needs 2 different tokens with these settings, the vocabulary has 1 beside the \
        one that begins a sequence; raise --vocab-size.
        """
    ),
    (
        .sequenceTooShort(.patterns, needed: 97, found: 64),
        """
        the patterns task needs sequences of at least 97 tokens with these settings, --seq-length is \
        64; raise it, or lower --max-pattern-length or --n-repeats-per-seq.
        """
    ),
    (
        .sequenceTooShort(.repeat, needed: 63, found: 32),
        """
        the repeat task needs sequences of at least 63 tokens with these settings, --seq-length is 32; \
        raise it or lower --max-pattern-length.
        """
    ),
    (
        .sequenceTooShort(.markov, needed: 4, found: 2),
        """
        the markov task needs sequences of at least 4 tokens with these settings, --seq-length is 2; \
        raise it.
        """
    ),
    (
        .textTooShort(tokens: 300, needed: 2551, window: 256),
        """
        the text has 300 tokens; its last tenth is kept for validation and must hold a window of \
        --seq-length 256, which takes 2551 tokens in all; give a longer text or lower --seq-length.
        """
    ),
    (
        .poolOfText(10),
        """
        --n-sequences is 10, but the text task takes windows of its text and generates no sequences; \
        leave it away.
        """
    ),
    (
        .promptsDoNotFit(symbols: 3, context: 16, neededSymbols: 4, neededContext: 7),
        """
        the prompts that induction heads are scored on need 4 different tokens beside the one that \
        begins a sequence and a context of 7, the model has 3 and 16; raise --vocab-size or \
        --seq-length, or give a text of more different tokens.
        """
    ),
]

@Suite struct TaskErrorTests {
    @Test(arguments: messages)
    func saysWhatToDo(error: TaskError, text: String) {
        #expect(error.description == text)
    }
}
