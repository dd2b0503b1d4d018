// Ten thousand damaged config.json, with the weights that belong to the whole ones: a model or an error, never a trap, and
// never more memory than the weights have.
import Checkpoints
import Files
import Foundation
import JSON
import TestSupport
import Testing
import Torch
import Transformers

@Suite struct ConfigMutationTests {
    private static let values = [
        "0", "-1", "1", "2", "3", "16777216", "16777217", "9223372036854775807", "1e400", "0.5", "NaN",
        "null", "true",
        "\"gelu\"", "\"linear\"", "\"default\"", "[]", "[1]", "[[]]", "{}", "{\"rope_type\": \"llama3\"}",
        "[\"full_attention\", \"sliding_attention\"]", "[[[\"local\"], 2]]",
    ]

    @Test(arguments: Fixture.withConfigFiles)
    func aModelOrAnError(fixture: Fixture) throws {
        let directory = try TestDirectory()
        try FileManager.default.copyItem(
            at: fixture.directory.appending(path: "model.safetensors"),
            to: directory("model.safetensors")
        )
        let text = try String(contentsOf: fixture.directory.appending(path: "config.json"), encoding: .utf8)
        let names = text.matches(of: /"[a-z_]+":/).map { String($0.0) }
        var random = SplitMix(seed: UInt64(fixture.name.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF))
        var loaded = 0
        let cases = 10_000 / Fixture.withConfigFiles.count + 1
        for _ in 0..<cases {
            _ = try directory.write("config.json", damaged(text, names, &random))
            do {
                let model = try Transformer(directory: directory.url)
                _ = try model.run(Tokens([[1, 2, 3]]), logits: .last)
                loaded += 1
            } catch {
                #expect(
                    error is CheckpointError || error is JSONError || error is TokensError,
                    "\(type(of: error)): \(error)"
                )
                #expect(
                    "\(error)".contains("config.json") || "\(error)".contains("model.safetensors")
                        || error is TokensError
                )
            }
        }
        #expect(loaded > 0 && loaded < cases)
    }

    /// One to three changes: another value, a field gone, bytes gone or others.
    private func damaged(_ text: String, _ names: [String], _ random: inout SplitMix) -> String {
        var text = text
        for _ in 0...random.next() % 3 {
            let name = names[Int(random.next() % UInt64(names.count))]
            guard let range = text.firstRange(of: name) else { continue }
            let end = text[range.upperBound...].firstIndex(where: { ",\n}".contains($0) }) ?? text.endIndex
            switch random.next() % 8 {
            case 0: text.removeSubrange(range)
            case 1: text.replaceSubrange(range, with: "\"other\":")
            case 2: text = String(text.prefix(Int(random.next() % UInt64(text.count))))
            default:
                let value = Self.values[Int(random.next() % UInt64(Self.values.count))]
                text.replaceSubrange(range.upperBound..<end, with: " " + value)
            }
        }
        return text
    }
}

extension Fixture {
    /// Those with a config.json: nanoGPT's is in its checkpoint.
    fileprivate static let withConfigFiles = all.filter { !$0.name.hasPrefix("nanogpt") }
}
