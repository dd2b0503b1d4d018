import Testing

@testable import Tokenizers

@Suite struct PlainIDsTests {
    private let ids = PlainIDs(vocabularySize: 60, bosTokenID: 59)

    @Test func numbersAreReadAndWritten() throws {
        #expect(try ids.encode(" 3, 1\n41,,59\t0 ") == [3, 1, 41, 59, 0])
        #expect(try ids.encode("") == [])
        #expect(try ids.decode([3, 1, 41]) == "3 1 41")
        #expect(try ids.token(for: 41) == "41")
        #expect(ids.id(of: "41") == 41)
        #expect(ids.id(of: "041") == nil)
        #expect(ids.id(of: "60") == nil)
        #expect(ids.specialTokenIDs == [59])
    }

    @Test(arguments: ["-1", "x", "1.5", "+2", "99999999999999999999", "٣"])
    func otherTextIsAnError(item: String) {
        let error = #expect(throws: TokenizerError.notAnID(item, item: 2)) { try ids.encode("5 \(item) 7") }
        #expect(
            error?.description == "Item 2 of the ids is '\(item)', which is not a token id. "
                + "Write ids as decimal numbers separated by white space or commas."
        )
    }

    @Test func idsOutsideTheVocabularyAreErrors() {
        let error = TokenizerError.unknownID(60, vocabularySize: 60)
        #expect(throws: error) { try ids.encode("1 60") }
        #expect(throws: error) { try ids.decode([60]) }
        #expect(throws: error) { try ids.token(for: 60) }
    }
}
