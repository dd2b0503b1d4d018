import Testing

@testable import Tokenizers

@Suite struct CharacterVocabularyTests {
    @Test func idsFollowTheOrderOfTheCharacters() throws {
        let vocabulary = try CharacterVocabulary(entries: ["b", "\n", "é", "🙂", "a"])
        #expect(try vocabulary.encode("ab🙂\né") == [4, 0, 3, 1, 2])
        #expect(try vocabulary.decode([4, 0, 3, 1, 2]) == "ab🙂\né")
        #expect(vocabulary.vocabularySize == 5)
        #expect(vocabulary.specialTokenIDs.isEmpty)
        #expect(vocabulary.bosTokenID == nil)
        #expect(vocabulary.id(of: "é") == 2)
        #expect(vocabulary.id(of: "ab") == nil)
        #expect(try vocabulary.token(for: 3) == "🙂")
        #expect(try vocabulary.label(for: 1) == "\\n")
    }

    @Test func aTextGivesItsSortedCharacters() throws {
        #expect(try CharacterVocabulary(of: "hello\r\n").characters == ["\n", "\r", "e", "h", "l", "o"])
    }

    @Test(arguments: [
        ("abç", "'ç' (U+00E7) at position 2"), ("\u{7}", "U+0007 at position 0"),
        ("ab🙂", "'🙂' (U+1F642) at position 2"), ("e\u{301}", "'e' (U+0065) at position 0"),
    ])
    func unknownCharactersAreNamed(text: String, name: String) throws {
        let vocabulary = try CharacterVocabulary(entries: ["a", "b"])
        let error = #expect(throws: TokenizerError.self) { try vocabulary.encode(text) }
        #expect(
            error?.description == "The character \(name) (counted from 0) is not in the vocabulary of "
                + "characters. Remove it, or use a model that was trained with it."
        )
    }

    @Test func unusableListsAreErrors() {
        #expect(
            throws: TokenizerError.invalidVocabulary(
                "The vocabulary of characters has the character 'a' twice, as id 0 and as id 2; "
                    + "every id needs its own character."
            )
        ) { try CharacterVocabulary(entries: ["a", "b", "a"]) }
        #expect(
            throws: TokenizerError.invalidVocabulary(
                "Entry 1 of the vocabulary of characters is 'bc'; expected one character."
            )
        ) { try CharacterVocabulary(entries: ["a", "bc"]) }
        #expect(
            throws: TokenizerError.invalidVocabulary(
                "A vocabulary of characters needs at least one character."
            )
        ) { try CharacterVocabulary(of: "") }
        #expect(throws: TokenizerError.unknownID(2, vocabularySize: 2)) {
            try CharacterVocabulary(entries: ["a", "b"]).decode([2])
        }
    }
}
