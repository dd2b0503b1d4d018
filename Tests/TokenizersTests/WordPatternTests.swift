import TestSupport
import Testing

@testable import Tokenizers

@Suite struct WordPatternTests {
    private func words(_ text: String, _ pattern: WordPattern = .gpt2) -> [String] {
        parts(text, pattern).map(\.text)
    }

    private func parts(_ text: String, _ pattern: WordPattern) -> [(text: String, isMatch: Bool)] {
        var text = text
        return text.withUTF8 { bytes in
            var parts: [(String, Bool)] = []
            pattern.forEachPart(bytes, in: bytes.indices) { part, isMatch in
                parts.append(
                    (String(decoding: UnsafeBufferPointer(rebasing: bytes[part]), as: UTF8.self), isMatch)
                )
            }
            return parts
        }
    }

    @Test(arguments: [
        ("Hello world", ["Hello", " world"]),
        ("it's we'll I'M 'tis", ["it", "'s", " we", "'ll", " I", "'", "M", " '", "tis"]),
        ("x'rest y've 'l", ["x", "'re", "st", " y", "'ve", " '", "l"]),
        ("a  b   c", ["a", " ", " b", "  ", " c"]),
        ("a\n\nb\n c ", ["a", "\n", "\n", "b", "\n", " c", " "]),
        ("a \u{A0}b\u{3000}", ["a", " ", "\u{A0}", "b", "\u{3000}"]),
        ("12ab3.4 5!?", ["12", "ab", "3", ".", "4", " 5", "!?"]),
        ("e\u{301}te\u{301} ½x", ["e", "\u{301}", "te", "\u{301}", " ½", "x"]),
        ("中文١٢ \u{200D}", ["中文", "١٢", " \u{200D}"]),
        ("", []), ("   ", ["   "]), ("'", ["'"]), (" '", [" '"]),
    ])
    func theWordsOfGPT2(text: String, expected: [String]) {
        let found = words(text)
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { sameScalars($0, $1) }, "\(found)")
    }

    @Test func everyByteBelongsToOneWord() {
        var generator = SplitMix(seed: 3)
        for _ in 0..<1000 {
            let text = generator.text()
            #expect(sameScalars(words(text).joined(), text))
        }
    }

    private static let llama3 =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
        + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let camel = #"[\p{Lu}\p{Lt}]*[\p{Ll}\p{Lm}]+(?i:'s|'t)?|[\p{Lu}\p{Lt}]+|[^\p{L}]"#

    // Cut by Hugging Face's `tokenizers`.
    @Test(arguments: [
        (llama3, "it'S I'LL we'Re", ["it", "'S", " I", "'LL", " we", "'Re"]),
        (llama3, "'\u{17F}x'tis", ["'\u{17F}", "x", "'t", "is"]),
        (llama3, "1234567 89", ["123", "456", "7", " ", "89"]),
        (llama3, "a\n\n  b \n c", ["a", "\n\n", " ", " b", " \n", " c"]),
        (llama3, "x!?\n\ny (z)", ["x", "!?\n\n", "y", " (", "z", ")"]),
        (llama3, "\tdef _x", ["\tdef", " _", "x"]),
        (camel, "XMLHttp's aB'T", ["XMLHttp's", " ", "a", "B", "'", "T"]),
        (#"\s+(?!\S)|\s|\S++"#, "a   b", ["a", "  ", " ", "b"]),
        (#"'(?i:[sk]|ll)|\P{Lu}"#, "'\u{212A}'lL", ["'\u{212A}", "'lL"]),
        (
            "[a-c\\-]{2}|\\p{Nd}{2,}|[\u{4E00}-\u{4E01}]+", "ab-c1٣٤\u{4E00}\u{4E02}",
            ["ab", "-c", "1٣٤", "\u{4E00}", "\u{4E02}"]
        ),
    ])
    func otherWords(expression: String, text: String, expected: [String]) throws {
        let found = words(text, try WordPattern(expression))
        #expect(
            found.count == expected.count && zip(found, expected).allSatisfy { sameScalars($0, $1) },
            "\(found)"
        )
    }

    @Test func whatLiesBetweenMatchesIsAPart() throws {
        let found = parts("..ab.c", try WordPattern(#"\p{L}+"#))
        #expect(found.map(\.text) == ["..", "ab", ".", "c"])
        #expect(found.map(\.isMatch) == [false, true, false, true])
    }

    @Test func possessiveRepetitionGivesNothingBack() throws {
        #expect(words("aab", try WordPattern("a*ab|b")) == ["aab"])
        #expect(parts("aab", try WordPattern("a*+ab|b")).map(\.isMatch) == [false, true])
        #expect(words("aaaaa", try WordPattern("a{2}")) == ["aa", "aa", "a"])
        #expect(words("aaaab", try WordPattern("a?a?a?a?b|a++a*+b")) == ["aaaab"])
    }

    private static let unknown = "is not known here"

    @Test(arguments: [
        ("", "it can match where there is nothing"), ("a|b*", "it can match where there is nothing"),
        ("(?:a)?", "it can match where there is nothing"),
        ("a?a?a?a?a?b", "it has more than 4 repetitions in a row, which may take forever"),
        ("a*(?:b|a+a*)?(?:a{1,2})b", "it has more than 4 repetitions in a row, which may take forever"),
        ("(a)", "what stands at '(a)' (character 1) \(unknown)"),
        ("a(?=b)", "what stands at '(?=b)' (character 2) \(unknown)"),
        ("a.", "what stands at '.' (character 2) \(unknown)"),
        ("^a", "what stands at '^a' (character 1) \(unknown)"),
        (#"\w+"#, #"what stands at '\w+' (character 1) \#(unknown)"#),
        (#"x\d"#, #"what stands at '\d' (character 2) \#(unknown)"#),
        (#"\p{Han}"#, #"what stands at '\p{Han}' (character 1) \#(unknown)"#),
        (#"\p{L"#, #"what stands at '\p{L' (character 1) \#(unknown)"#),
        ("a+?", "what stands at '+?' (character 2) \(unknown)"),
        ("a{1,3}+", "what stands at '{1,3}+' (character 2) \(unknown)"),
        ("a{3,1}", "what stands at '{3,1}' (character 2) \(unknown)"),
        ("a{99999}", "what stands at '{99999}' (character 2) \(unknown)"),
        ("(?:ab)+", "what stands at '(?:ab)+' (character 1) \(unknown)"),
        ("[a", "what stands at '[a' (character 1) \(unknown)"),
        ("[]", "what stands at '[]' (character 1) \(unknown)"),
        ("[b-a]", "what stands at '[b-a]' (character 1) \(unknown)"),
        ("[a[b]]", "what stands at '[b]]' (character 3) \(unknown)"),
        ("[a&&b]", "what stands at '&&b]' (character 3) \(unknown)"),
        ("(?i:st)", "what stands at 'st)' (character 5) \(unknown)"),
        ("(?i:é)", "what stands at 'é)' (character 5) \(unknown)"),
        (#"(?i:\p{Lu})"#, #"what stands at '\p{Lu})' (character 5) \#(unknown)"#),
        ("(?i:[^a])", "what stands at '[^a])' (character 5) \(unknown)"),
        ("a)b", "what stands at ')b' (character 2) \(unknown)"),
        ("(?:a", "what stands at '' (character 5) \(unknown)"),
        (#"a\"#, #"what stands at '\' (character 2) \#(unknown)"#),
        (String(repeating: "(?:", count: 40), "what stands at '(?:(?:(?:(?:' (character 49) \(unknown)"),
    ])
    func whatIsNotKnownIsRefused(expression: String, problem: String) {
        let error = #expect(throws: WordPattern.SyntaxProblem.self) { try WordPattern(expression) }
        #expect(error?.description == problem)
    }
}
