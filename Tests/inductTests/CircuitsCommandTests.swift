// induct circuits, whole runs that read what they wrote.
import Foundation
import Runs
import Testing

@Suite struct CircuitsCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let finished = try program.shell("$INDUCT circuits --json " + arguments.joined(separator: " "))
        #expect(finished.status == 0 && finished.errors.isEmpty, "\(finished.errors)")
        return try object(finished.output)
    }

    private func objects(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }

    @Test func jsonHoldsEveryHead() throws {
        let report = try json("--draws 5")
        #expect(report["model"] as? String == "induct-2l" && report["offsets"] is NSNull)
        let heads = try objects(report["heads"])
        #expect(heads.map { $0["layer"] as? Int } == [0, 0, 0, 0, 1, 1, 1, 1])
        #expect(heads.map { $0["head"] as? Int } == [0, 1, 2, 3, 0, 1, 2, 3])
        for head in heads {
            let ov = try #require(head["ov"] as? [String: Any])
            let score = try #require(ov["copying_score"] as? Double)
            let eigenvalues = try #require(ov["eigenvalues"] as? [[Double]])
            let magnitude = eigenvalues.reduce(0) { $0 + ($1[0] * $1[0] + $1[1] * $1[1]).squareRoot() }
            #expect(abs(eigenvalues.reduce(0) { $0 + $1[0] } / magnitude - score) < 1e-9)
            #expect((0...1).contains(try #require(ov["copying_score_by_logits"] as? Double)))
            #expect(try #require(ov["norm"] as? Double) > 0)
            let qk = try objects(head["qk"])
            #expect(qk.count == 1 && qk[0]["offset"] is NSNull)
            #expect((-1...1).contains(try #require(qk[0]["matching_score"] as? Double)))
            // The induction heads of layer 1 copy.
            if head["layer"] as? Int == 1 { #expect(score > 0.9) }
        }
        #expect((report["copying_by_logits_tokens"] as? [Int])?.count == 25)
        let composition = try #require(report["composition"] as? [String: Any])
        let matrices = try objects(composition["matrices"])
        #expect(matrices.map { $0["kind"] as? String } == ["q", "k", "v"])
        #expect(matrices.allSatisfy { $0["pairs"] as? Int == 16 })
        // L0H2 is the previous-token head; the keys of all induction heads read it.
        let keys = try objects(matrices[1]["highest"])
        #expect((keys[0]["earlier"] as? [String: Int]) == ["layer": 0, "head": 2])
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func rotaryModelsAreReadPerOffset() throws {
        let model = Program.fixture("llama")
        let report = try json("--model \(model) --offsets 0,3 --composition k,v --draws 5")
        #expect(report["offsets"] as? [Int] == [0, 3])
        for head in try objects(report["heads"]) {
            #expect(try objects(head["qk"]).map { $0["offset"] as? Int } == [0, 3])
        }
        let composition = try #require(report["composition"] as? [String: Any])
        let matrices = try objects(composition["matrices"])
        #expect(matrices.map { $0["kind"] as? String } == ["k", "k", "v"])
        #expect(matrices.map { $0["offset"] as? Int } == [0, 3, nil])
        let text = try program.run(
            "circuits",
            "--model",
            model,
            "--offsets",
            "0,3",
            "--draws",
            "5",
            "--top",
            "1",
            "--output",
            "here"
        )
        #expect(text.output.contains("match at 0  |QK| at 0  match at 3  |QK| at 3\n"))
        #expect(text.output.contains("\nQ at offset 3"))
    }

    @Test func tablesHoldEveryHeadAndPairAndVerifyFindsThemEqual() throws {
        let finished = try program.run("circuits", "--output", "here", "--draws", "5", "--top", "2")
        #expect(finished.status == 0)
        let lines = finished.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "induct-2l: circuits of 8 heads, the 2 highest by the OV copying score")
        #expect(lines[2] == "head  copying  by logits    |OV|   match    |QK|")
        #expect(lines[3].hasPrefix("L1H0   +0.997  "))
        #expect(finished.output.hasSuffix("a QK circuit is the same at all offsets.\n"))
        func rows(_ name: String) throws -> [[String]] {
            let file = program.directory.appending(path: "here/\(name)")
            return try #require(CSV.rows(String(contentsOf: file, encoding: .utf8)))
        }
        let heads = try rows("heads.csv")
        #expect(
            heads[0] == [
                "layer", "head", "copying_score", "copying_score_by_logits", "ov_norm", "matching_score",
                "qk_norm",
            ]
        )
        #expect(heads.count == 9 && heads[8].prefix(2) == ["1", "3"])
        let pairs = try rows("composition.csv")
        #expect(
            pairs[0] == [
                "kind", "offset", "earlier_layer", "earlier_head", "later_layer", "later_head", "score",
            ]
        )
        #expect(pairs.count == 1 + 3 * 16)
        #expect(pairs.dropFirst().allSatisfy { $0[2] == "0" && $0[4] == "1" && Double($0[6]) != nil })
        let here = program.directory.appending(path: "here").path
        let files = try FileManager.default.contentsOfDirectory(atPath: here)
        if Program.hasPython {
            #expect(
                Set(files) == [
                    "circuits.json", "composition.csv", "composition.png", "composition.svg", "copying.png",
                    "copying.svg", "eigenvalues.png", "eigenvalues.svg", "figures.json", "heads.csv",
                    "metadata.json",
                    "story.json",
                ]
            )
        }
        let verified = try program.run("verify", "here")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test(arguments: [
        ("--offsets=-1", "offsets are whole numbers from 0 on, with commas between: 0,1,19."),
        ("--offsets 1,2,1", "'1,2,1' names one twice."),
        ("--composition q,x", "'x' is none of q, k and v, with commas between: q,k,v."),
        ("--draws 0", "--draws must be at least 1."), ("--top 0", "--top must be at least 1."),
    ])
    func wrongUseIsNamed(arguments: String, message: String) throws {
        let finished = try program.shell("$INDUCT circuits \(arguments)")
        #expect(finished.status == 2)
        #expect(finished.errors.split(separator: "\n").first?.hasSuffix(message) == true)
        #expect(try program.contents.isEmpty)
    }

    @Test func anOffsetBeyondTheContextIsNamed() throws {
        let finished = try program.run(
            "circuits",
            "--json",
            "--offsets",
            "0,90",
            "--model",
            Program.fixture("llama")
        )
        #expect(finished.status == 1 && finished.output.isEmpty)
        #expect(
            finished.errors
                == """
                error: offset 90: a key stands 0 to 66 places before its query in this model, whose context has 67 positions.

                """
        )
    }
}
