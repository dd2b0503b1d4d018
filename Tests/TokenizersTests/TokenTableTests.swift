import Testing

@testable import Tokenizers

@Suite struct TokenTableTests {
    /// Adds tokens in order; returns the table and what it said to each.
    private func table(
        _ tokens: [(spelling: String, id: Int)]
    ) -> (table: TokenTable, refusals: [TokenTable.Refusal?]) {
        var table = TokenTable(capacity: 2)
        let refusals = tokens.map { token in
            var spelling = token.spelling
            return spelling.withUTF8 { table.add($0, id: token.id) }
        }
        return (table, refusals)
    }

    @Test func tokensAreFoundBothWays() {
        let (table, refusals) = table((0..<500).map { ("token \($0 * 7)", $0) })
        #expect(refusals.allSatisfy { $0 == nil })
        for id in 0..<500 {
            #expect(table.id(of: "token \(id * 7)") == Int32(id))
            #expect(table.spelling(of: id) == "token \(id * 7)")
        }
        #expect(table.id(of: "token 1") == nil)
        #expect(table.idEnd == 500)
    }

    @Test func holesHaveNoSpelling() {
        let table = table([("", 3)]).table
        #expect(table.spelling(of: 3) == "")
        #expect(table.spelling(of: 2) == nil)
        #expect(!table.contains(4))
        #expect(table.idEnd == 4)
    }

    @Test func clashesAreRefused() {
        let (_, refusals) = table([("a", 0), ("a", 1), ("b", 0), ("b", -1), ("b", TokenTable.idLimit)])
        #expect(refusals == [nil, .spellingTaken, .idTaken, .idOutOfRange, .idOutOfRange])
    }

    @Test func theByteAlphabetIsOneToOne() {
        let alphabet = ByteAlphabet.shared
        #expect(Set(alphabet.scalars).count == 256)
        #expect(alphabet.scalars[0x20] == 0x120)
        #expect(alphabet.scalars[0x0A] == 0x10A)
        #expect(alphabet.scalars[0xAD] == 0x143)
        for byte in 0..<256 { #expect(alphabet.bytes[Int(alphabet.scalars[byte])] == Int16(byte)) }
    }
}
