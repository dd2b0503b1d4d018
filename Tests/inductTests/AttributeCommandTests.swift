// induct attribute, whole runs.
import Foundation
import Testing

@Suite struct AttributeCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func nodes(_ report: [String: Any], _ component: String) -> [[String: Any]] {
        (report["results"] as? [[String: Any]] ?? []).filter { $0["component"] as? String == component }
    }

    @Test func everyKindOfNodeWithItsAgreement() throws {
        let finished = try program.run("attribute", "--json", "--n-prompts", "12")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        let report = try object(finished.output)
        #expect(report["by_position"] as? Bool == false)
        #expect(["head", "attn", "mlp", "resid"].map { nodes(report, $0).count } == [8, 2, 0, 2])
        // One attention layer gives all that the corruption took: patching shows it, the gradient does not.
        let first = try #require(nodes(report, "attn").first)
        let whole = try #require(report["clean"] as? Double) - #require(report["corrupted"] as? Double)
        #expect(try #require(first["exact"] as? Double) > 0.95 * whole)
        #expect(try #require(first["attribution"] as? Double) < 0.05 * whole)
        let agreements = try #require(report["agreement"] as? [[String: Any]])
        #expect(agreements.compactMap { $0["component"] as? String } == ["head", "attn", "resid"])
        let heads = try #require(agreements[0]["top"] as? [String: Any])
        #expect(heads["nodes"] as? Int == 8 && heads["undefined"] is NSNull)
        #expect(try #require(heads["pearson"] as? Double) < 0.5)
        #expect(agreements[0]["furthest"] as? String == "L0H2")
        let sample = try #require(agreements[0]["sample"] as? [String: Any])
        #expect(sample["nodes"] as? Int == 0 && sample["undefined"] as? String == "fewer than three nodes")
        #expect(try program.contents.isEmpty)
    }

    @Test func filesHoldWhatIsPrinted() throws {
        let finished = try program.run(
            "attribute",
            "--output",
            "here",
            "--n-prompts",
            "8",
            "--component",
            "head,resid",
            "--by-position",
            "--length",
            "11",
            "--check-top",
            "3",
            "--check-sample",
            "4",
            "--top",
            "2",
            "--metric",
            "loss"
        )
        #expect(finished.status == 0)
        let lines = finished.output.split(separator: "\n").map(String.init)
        #expect(
            lines[0] == "induct-2l: attribution patching, 8 bigram prompts, the first A replaced, denoising"
        )
        #expect(lines[2] == "heads, by position: 2 of 96")
        #expect(lines.contains { $0.hasPrefix("head, largest                3  ") })
        #expect(lines.contains { $0.hasPrefix("head, random others          4  ") })
        let here = program.directory.appending(path: "here")
        let report = try object(
            String(contentsOf: here.appending(path: "attribution.json"), encoding: .utf8)
        )
        #expect(["head", "resid"].map { nodes(report, $0).count } == [8 * 12, 2 * 12])
        #expect(nodes(report, "head").count { !($0["exact"] is NSNull) } == 7)
        let csv = try String(contentsOf: here.appending(path: "attribution.csv"), encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(csv.count == 1 + 10 * 12)
        for (row, node) in zip(csv.dropFirst(), report["results"] as? [[String: Any]] ?? []) {
            #expect(row[0] == node["component"] as? String ?? "")
            #expect(Int(row[3]) == node["position"] as? Int)
            #expect(abs((Double(row[4]) ?? .nan) - (node["attribution"] as? Double ?? .nan)) < 1e-12)
            #expect(row[7].isEmpty == (node["exact"] is NSNull))
        }
        guard Program.hasPython else { return }
        let figures = try FileManager.default.contentsOfDirectory(atPath: here.path).filter {
            $0.hasSuffix(".png")
        }
        #expect(
            figures.sorted() == [
                "agreement_head.png", "agreement_resid.png", "heatmap.png", "positions_resid.png",
                "ranked_head.png", "ranked_resid.png",
            ]
        )
    }

    @Test func aRunCanBeDoneAgainWithOrWithoutItsCheck() throws {
        for check in ["--check", "--no-check"] {
            let name = "here" + check
            #expect(
                try program.run(
                    "attribute",
                    "--output",
                    name,
                    "--n-prompts",
                    "6",
                    "--quiet",
                    check
                ).status == 0
            )
            let finished = try program.run("verify", name)
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        }
    }

    @Test(arguments: [
        (
            "--component head,mlp", 1,
            "error: induct-2l consists of attention only and has no MLPs; choose heads, attn or layers.\n"
        ),
        (
            "--component heads", 2,
            "The value 'heads' is invalid for '--component <list>': 'heads' is none of head, attn, mlp, resid; several are a list, such as head,attn,mlp,resid."
        ),
        ("--check-top=-1", 2, "--check-top cannot be negative."),
        (
            "--check-top 0 --check-sample 0", 2,
            "--check-top 0 and --check-sample 0 check nothing; say --no-check."
        ),
        (
            "--prompts p.json", 2,
            "prompts are compared with corrupted ones: give those of --prompts with --corrupted FILE, as many tokens each."
        ),
    ])
    func badInputIsSaid(arguments: String, status: Int32, message: String) throws {
        let finished = try program.shell("$INDUCT attribute --json \(arguments)")
        #expect(finished.status == status && finished.output.isEmpty)
        #expect(finished.errors.contains(message), "\(finished.errors)")
        #expect(try program.contents.isEmpty)
    }
}
