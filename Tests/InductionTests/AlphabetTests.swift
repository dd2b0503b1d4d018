// The words of the prompt generators: single tokens of the real vocabularies, few enough for the bundled models.
import Foundation
import Induction
import Testing
import Tokenizers

/// The real vocabularies, which lie beside the project and not in it.
private let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

@Suite struct AlphabetTests {
    @Test func noWordComesTwice() {
        let words = Alphabet.allCases.flatMap(\.members)
        #expect(Set(words).count == words.count)
        #expect(words.count + 1 <= 160, "with BOS, the bundled models' vocabulary")
        #expect(words.allSatisfy { word in !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber } })
    }

    @Test func lettersAndNumbersAreComplete() {
        #expect(Alphabet.letters.members.joined() == "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        #expect(Alphabet.numbers.members.joined() == "0123456789")
        #expect(Alphabet.names.members.count >= 30 && Alphabet.words.members.count >= 50)
    }

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: data.appending(path: "gpt2/vocab.json").path),
            "../shared/data with the vocabularies of GPT-2 and GPT-NeoX is not here"
        ),
        arguments: ["gpt2", "gpt-neox"]
    )
    func wordsAreSingleTokens(vocabulary: String) throws {
        let tokenizer = try loadTokenizer(directory: data.appending(path: vocabulary))
        for word in Alphabet.allCases.flatMap(\.members) {
            let ids = try tokenizer.encode(" " + word)
            #expect(ids.count == 1, "\(word) in \(vocabulary)")
            #expect(tokenizer.id(of: " " + word) == ids.first, "\(word) in \(vocabulary)")
        }
    }
}
