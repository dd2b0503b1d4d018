// induct demo, tokenize, models and help, whole runs.
import Foundation
import Testing

@Suite struct OtherCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    @Test func theDemoTellsItsStoryAndWritesItsResults() throws {
        let finished = try program.run("demo", "--quiet")
        #expect(finished.status == 0)
        #expect(finished.output.contains("an induction head, which completes A B ... A with B."))
        let files = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "outputs/demo").path
        )
        #expect(files.contains("scan.json"))
        #expect(!Program.hasPython || files.contains("patterns.png"))
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

    @Test func modelsListsTheBundledOnes() throws {
        let finished = try program.run("models", "--json")
        let models = try #require(try object(finished.output)["models"] as? [[String: Any]])
        #expect(models.compactMap { $0["name"] as? String } == ["induct-2l", "induct-4l"])
        #expect(models.compactMap { $0["heads"] as? Int } == [4, 6])
        #expect(models.compactMap { $0["d_mlp"] as? Int } == [0, 192])
    }

    @Test(arguments: ["demo", "scan", "cache", "tokenize", "models"])
    func everyCommandHasHelp(command: String) throws {
        let finished = try program.run(command, "--help")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        #expect(finished.output.hasPrefix("OVERVIEW: "))
        #expect(finished.output.contains("USAGE: induct \(command)"))
    }
}
