// induct tokenize, models and help, whole runs.
import Foundation
import Testing

@Suite struct OtherCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    @Test func tokenizeShowsIdsAndText() throws {
        let prompts = try program.write(#"["A B", "John water"]"#, to: "p.json")
        let json = try program.run("tokenize", "--prompts", prompts, "--json")
        let rows = try #require(try object(json.output)["tokens"] as? [[Int]])
        #expect(rows.map(\.count) == [3, 3])
        #expect(rows.allSatisfy { $0[0] == 0 })
        let plain = try program.run("tokenize", "--prompts", prompts, "--no-prepend-bos")
        #expect(plain.output == "\(rows[0][1]):A|\(rows[0][2]):B\n\(rows[1][1]):John|\(rows[1][2]):water\n")
    }

    @Test func modelsListsWhatThereIs() throws {
        let finished = try program.run("models", "--json")
        let models = try #require(try object(finished.output)["models"] as? [[String: Any]])
        let bundled = models.filter { $0["place"] as? String == "bundled" }
        #expect(
            bundled.compactMap { $0["name"] as? String } == ["induct-2l", "induct-4l", "shakespeare-char"]
        )
        #expect(bundled.compactMap { $0["heads"] as? Int } == [4, 6, 6])
        #expect(bundled.allSatisfy { $0["bytes"] as? Int ?? 0 > 200_000 })
        let known = try #require(models.first { $0["name"] as? String == "pythia-70m-deduped" })
        #expect(
            known["id"] as? String == "EleutherAI/pythia-70m-deduped" && known["place"] as? String == "hub"
        )
        #expect(
            known["layers"] as? Int == 6 && known["heads"] as? Int == 8 && known["d_model"] as? Int == 512
        )
        #expect(Set(models.compactMap { $0["name"] as? String }).count == models.count)

        let table = try program.run("models").output.split(separator: "\n")
        #expect(table.count == models.count + 1)
        let row = try #require(table.first { $0.hasPrefix("gpt2-small ") })
        #expect(row.split(separator: " ") == ["gpt2-small", "hub", "12", "12", "768", "124M"])
    }

    @Test(arguments: [
        "demo", "scan", "cache", "tokenize", "models", "fetch", "paths", "attribute", "report", "explore",
    ])
    func everyCommandHasHelp(command: String) throws {
        let finished = try program.run(command, "--help")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        #expect(finished.output.hasPrefix("OVERVIEW: "))
        #expect(finished.output.contains("USAGE: induct \(command)"))
    }
}
