// induct scan, whole runs.
import Foundation
import Testing

@Suite struct ScanCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func heads(_ finished: Finished) throws -> [[String: Any]] {
        try object(finished.output)["heads"] as? [[String: Any]] ?? []
    }

    private func mean(_ head: [String: Any], _ score: String) -> Double {
        (head[score] as? [String: Any])?["mean"] as? Double ?? .nan
    }

    @Test(arguments: [("induct-2l", 2, 4), ("induct-4l", 4, 6)])
    func theBundledModelsHaveClearHeads(name: String, layers: Int, count: Int) throws {
        let finished = try program.run("scan", "--model", name, "--json")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        let heads = try heads(finished)
        #expect(heads.count == layers * count)
        let induction = try #require(heads.max { mean($0, "induction") < mean($1, "induction") })
        let previous = try #require(heads.max { mean($0, "previous") < mean($1, "previous") })
        #expect(mean(induction, "induction") >= 0.7)
        #expect(mean(previous, "previous") >= 0.6)
        let layer = { (head: [String: Any]) in head["layer"] as? Int ?? -1 }
        #expect(layer(previous) < layer(induction))
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func jsonHoldsEveryScoreWithItsInterval() throws {
        let finished = try program.run("scan", "--json", "--n-prompts", "30", "--seed", "4")
        let report = try object(finished.output)
        #expect(report["model"] as? String == "induct-2l")
        #expect(report["pair_rule"] as? String == "nearest")
        #expect((report["notes"] as? [String])?.count == 1, "few prompts are said")
        for head in try heads(finished) {
            for score in ["induction", "duplicate", "previous", "first"] {
                let estimate = try #require(head[score] as? [String: Any])
                let (mean, low) = (estimate["mean"] as? Double, estimate["low"] as? Double)
                let high = estimate["high"] as? Double
                #expect(try #require(low) <= #require(mean) && #require(mean) <= #require(high))
                let pairs = score == "induction" || score == "duplicate" ? 15 * 30..<25 * 30 + 1 : 1500..<1501
                #expect(pairs.contains(try #require(estimate["pairs"] as? Int)))
            }
        }
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let arguments = ["scan", "--json", "--n-prompts", "20", "--seed"]
        let runs = try ["3", "3", "5"].map {
            try program.run(arguments[0], arguments[1], "--n_prompts", "20", "--seed", $0)
        }
        #expect(runs[0].output == runs[1].output)
        #expect(runs[0].output != runs[2].output)
    }

    @Test func aTableAndFiguresGoToADirectory() throws {
        let finished = try program.run("scan", "--output", "here", "--n-prompts", "10", "--top", "2")
        #expect(finished.status == 0)
        let lines = finished.output.split(separator: "\n")
        #expect(
            lines[0]
                == "induct-2l: 10 repeat prompts, 8 heads, the 2 highest by induction (95% interval over prompts)"
        )
        #expect(lines[1] == "rank  head                 induction  duplicate   previous      first")
        #expect(lines[2].hasPrefix("   1  L1H"))
        #expect(lines.last == "Intervals from 10 prompts are approximate; 100 or more make them reliable.")
        let here = program.directory.appending(path: "here")
        let files = try FileManager.default.contentsOfDirectory(atPath: here.path).sorted()
        guard Program.hasPython else { return }
        #expect(
            files == [
                "figures.json", "heatmap.png", "heatmap.svg", "metadata.json", "patterns.png", "patterns.svg",
                "ranked.png", "ranked.svg", "scan.json", "story.json",
            ]
        )
        for name in ["heatmap", "patterns", "ranked"] {
            let png = try Data(contentsOf: here.appending(path: name + ".png"))
            #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
    }

    @Test func withoutOutputARunDirectoryIsMade() throws {
        #expect(try program.run("scan", "--n-prompts", "3", "--quiet").status == 0)
        #expect(try program.run("scan", "--n-prompts", "3", "--quiet").status == 0)
        let runs = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "outputs/runs").path
        )
        #expect(runs.count == 2)
    }

    @Test func withoutPythonTheCommandFinishesAndSaysSo() throws {
        let finished = try program.shell(
            "INDUCT_PYTHON=/nowhere/python $INDUCT scan --output here --n-prompts 5"
        )
        #expect(finished.status == 0)
        #expect(finished.errors.contains("Figures were not drawn"))
        let here = program.directory.appending(path: "here").path
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: here).sorted() == [
                "figures.json", "metadata.json", "scan.json", "story.json",
            ]
        )
    }

    @Test func promptsOfOnesOwn() throws {
        let text = try program.write("A B C D A B C D\n\nJohn Mary water John Mary\n", to: "mine.txt")
        let strings = try program.write(#"["A B C D A B C D", "John Mary water John Mary"]"#, to: "mine.json")
        let fromText = try program.run("scan", "--text", text, "--json")
        let fromStrings = try program.run("scan", "--prompts", strings, "--json")
        #expect(fromText.status == 0)
        #expect(try NSArray(array: heads(fromText)).isEqual(to: heads(fromStrings)))
        let tokens = try program.run("tokenize", "--text", text, "--json")
        let ids = try program.write(
            String(
                decoding: JSONSerialization.data(withJSONObject: object(tokens.output)["tokens"] ?? []),
                as: UTF8.self
            ),
            to: "ids.json"
        )
        let fromTokens = try program.run("scan", "--tokens", ids, "--json")
        #expect(try NSArray(array: heads(fromText)).isEqual(to: heads(fromTokens)))
    }

    @Test func promptsWithoutCopiesHaveNoScore() throws {
        let text = try program.write("A B C D\n", to: "mine.txt")
        let finished = try program.run("scan", "--text", text, "--json")
        let head = try #require(try heads(finished).first)
        let induction = try #require(head["induction"] as? [String: Any])
        #expect(induction["mean"] is NSNull && induction["pairs"] as? Int == 0)
        let notes = try object(finished.output)["notes"] as? [String]
        #expect(notes?.first == "The prompts have no position that induction could be scored at.")
    }
}
