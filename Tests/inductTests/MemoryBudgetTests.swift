// Sizes as --memory-budget takes them.
import ArgumentParser
import Testing

@testable import induct

@Suite struct MemoryBudgetTests {
    @Test(arguments: [
        ("1000000", 1_000_000), ("512MB", 512_000_000), ("2GB", 2_000_000_000), ("1.5 gb", 1_500_000_000),
        ("64kB", 64_000), ("7B", 7), ("0.25TB", 250_000_000_000),
    ])
    func sizes(text: String, bytes: Int) throws {
        #expect(try MemoryBudgetOption.parse(["--memory-budget", text]).memoryBudget == bytes)
    }

    @Test func noneIsTheUsual() throws {
        #expect(try MemoryBudgetOption.parse([]).memoryBudget == nil)
    }

    @Test(arguments: ["MB", "2 parsecs", "0", "-1", "1e9", "1..5GB", "12GiB", "0.1", "99999999999TB"])
    func whatIsNoSize(text: String) {
        let error = #expect(throws: (any Error).self) {
            _ = try MemoryBudgetOption.parse(["--memory-budget=\(text)"])
        }
        #expect(
            error.map { MemoryBudgetOption.message(for: $0) } == """
                The value '\(text)' is invalid for '--memory-budget <size>': a size is a number of bytes, or a number with KB, \
                MB, GB or TB: 512MB, 1.5GB.
                """
        )
    }
}
