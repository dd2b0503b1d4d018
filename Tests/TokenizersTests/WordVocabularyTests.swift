import Foundation
import Testing

@testable import Tokenizers

@Suite struct WordVocabularyTests {
    @Test func theFileIsTheOneThatPythonWrites() throws {
        // The fixture was written by `tokenizers`: same words, so the same text.
        let fixture = try Fixtures.text("words/tokenizer.json")
        let tokenizer = try Fixtures.tokenizer("words")
        let words = try (1..<tokenizer.vocabularySize).map { try tokenizer.token(for: $0) }
        #expect(try WordVocabulary(words: words).tokenizerJSON == fixture)
    }

    @Test func wordsBecomeIDs() throws {
        let tokenizer = try WordVocabulary(words: ["Mary", "gave", "John", "7", "."]).tokenizer()
        #expect(try tokenizer.encode("<bos> Mary gave\tJohn 7\n.") == [0, 1, 2, 3, 4, 5])
        #expect(try tokenizer.encode("<bos>Mary<bos>") == [0, 1, 0])
        #expect(try tokenizer.encode("  ") == [])
        #expect(try tokenizer.decode([0, 1, 2, 3]) == "<bos> Mary gave John")
        #expect(tokenizer.vocabularySize == 6)
        #expect(tokenizer.specialTokenIDs == [0])
        #expect(tokenizer.bosTokenID == 0)
        #expect(tokenizer.eosTokenID == nil)
        #expect(tokenizer.id(of: "John") == 3)
        #expect(try tokenizer.token(for: 4) == "7")
    }

    @Test func unknownWordsAreNamed() throws {
        let tokenizer = try WordVocabulary(words: ["Mary", "gave"]).tokenizer()
        let error = #expect(throws: TokenizerError.self) { try tokenizer.encode("Mary gives") }
        #expect(
            error?.description == "The word 'gives' is not in the vocabulary of words, which knows '<bos>', "
                + "'Mary', 'gave' and others. All of them are listed in the field 'model.vocab' of "
                + "tokenizer.json; separate words by white space."
        )
    }

    @Test(arguments: [
        (["a", ""], "The vocabulary of words holds ''; a word must not be empty or hold white space."),
        (["a b"], "The vocabulary of words holds 'a b'; a word must not be empty or hold white space."),
        (["a", "b", "a"], "The vocabulary of words has the word 'a' twice."),
        (["<bos>"], "The vocabulary of words has the word '<bos>' twice."),
        (["x<bos>"], "The word 'x<bos>' holds the opening token '<bos>', so it could never be found."),
    ])
    func unusableListsAreErrors(words: [String], problem: String) {
        let error = #expect(throws: TokenizerError.self) { try WordVocabulary(words: words) }
        #expect(error?.description == problem)
    }
}
