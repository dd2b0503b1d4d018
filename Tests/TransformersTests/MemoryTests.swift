// A run keeps nothing: a thousand of them leave resident memory where it was.
import Foundation
import Testing
import Torch
import Transformers

@Suite struct MemoryTests {
    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: "/proc/self/statm"),
            "needs Linux's /proc/self/statm"
        )
    )
    func aThousandRunsLeaveMemoryFlat() async {
        // In a process of its own, where no other test allocates.
        await #expect(processExitsWith: .success) {
            let model = try Fixture(name: "gpt-neox-parallel").model()
            let tokens = try Tokens((0..<4).map { row in (0..<64).map { ($0 * 7 + row) % 61 } })
            func run() throws {
                let clean = try model.run(tokens, recording: [.pattern, .z, .residPost])
                _ = try model.run(tokens, applying: [.replace(.z.head(1, 2), from: clean), .zero(.mlpOut)])
                    .logits.sum()
            }
            for _ in 0..<100 { try run() }
            let before = try residentBytes()
            for _ in 0..<1000 { try run() }
            let growth = try residentBytes() - before
            // One leaked activation of 4 x 64 x 40 floats a run would be 40 MB.
            precondition(growth < 4 << 20, "resident memory grew by \(growth) bytes")
        }
    }
}

private func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
}
