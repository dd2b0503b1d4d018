// induct paths, whole runs.
import Foundation
import Testing

@Suite struct PathsCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func results(_ finished: Finished) throws -> [[String: Any]] {
        try object(finished.output)["results"] as? [[String: Any]] ?? []
    }

    private func recovery(_ path: [String: Any]) -> Double {
        (path["recovery"] as? [String: Any])?["mean"] as? Double ?? .nan
    }

    /// L0H0 and L0H2 look at the token before; every head of layer 1 is an induction head, and their work is shared.
    @Test(arguments: ["denoising", "noising"])
    func theStrongestPathLeadsFromAPreviousTokenHeadToTheKeysOfAnInductionHead(direction: String) throws {
        let finished = try program.run("paths", "--json", "--n-prompts", "16", "--direction", direction)
        #expect(finished.status == 0 && finished.errors.isEmpty)
        let report = try object(finished.output)
        #expect(report["direction"] as? String == direction && report["mlps"] as? String == "frozen")
        #expect(report["metric"] as? String == "logit-diff")
        let prompts = try #require(report["prompts"] as? [String: Any])
        #expect(prompts["corruption"] as? String == "first" && prompts["count"] as? Int == 16)
        #expect(report["receivers_chosen_by"] as? String == "induction score on repeat prompts")
        #expect((report["receivers"] as? [String])?.sorted() == ["L1H0", "L1H1", "L1H2", "L1H3"])
        let paths = try results(finished)
        #expect(paths.count == 4 * 4 * 3)
        let strongest = try #require(paths.max { abs(recovery($0)) < abs(recovery($1)) })
        let sender = try #require(strongest["sender"] as? [String: Int])
        let receiver = try #require(strongest["receiver"] as? [String: Any])
        #expect(sender == ["layer": 0, "head": 2])
        #expect(receiver["input"] as? String == "k" && receiver["layer"] as? Int == 1)
        #expect(recovery(strongest) > (direction == "denoising" ? 0.005 : 0.4))
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func filesHoldWhatIsPrinted() throws {
        let finished = try program.run(
            "paths",
            "--output",
            "here",
            "--n-prompts",
            "8",
            "--senders",
            "L0H2,0.1",
            "--receivers",
            "1.2,L1H0",
            "--inputs",
            "k,v",
            "--to-logits",
            "--top",
            "2",
            "--direction",
            "noising"
        )
        #expect(finished.status == 0)
        let lines = finished.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "induct-2l: path patching, 8 bigram prompts, the first A replaced, noising")
        #expect(
            lines[1].hasPrefix("logit-diff: clean ")
                && lines[1].hasSuffix("; no MLPs between sender and receiver")
        )
        #expect(lines[2] == "senders: L0H2, L0H1; receivers: L1H2, L1H0")
        #expect(lines[3] == "10 paths, the 2 strongest (95% interval over prompts)")
        #expect(lines[5].hasPrefix("   1  L0H2    L1H2.k    +0."))
        #expect(lines.last == "Intervals from 8 prompts are approximate; 100 or more make them reliable.")
        let here = program.directory.appending(path: "here")
        let csv = try String(contentsOf: here.appending(path: "paths.csv"), encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(csv[0] == ["sender", "receiver", "input", "patched", "recovery", "low", "high"])
        #expect(
            csv.dropFirst().map { $0.prefix(3).joined(separator: " ") } == [
                "L0H2 L1H2 k", "L0H2 L1H2 v", "L0H2 L1H0 k", "L0H2 L1H0 v", "L0H2 logits ",
                "L0H1 L1H2 k", "L0H1 L1H2 v", "L0H1 L1H0 k", "L0H1 L1H0 v", "L0H1 logits ",
            ]
        )
        for row in csv.dropFirst() {
            let numbers = try row.dropFirst(3).map { try #require(Double($0)) }
            #expect(numbers[2] <= numbers[1] && numbers[1] <= numbers[3])
        }
        let report = try object(String(contentsOf: here.appending(path: "paths.json"), encoding: .utf8))
        let first = try #require((report["results"] as? [[String: Any]])?.first)
        #expect(abs(recovery(first) - (Double(csv[1][4]) ?? .nan)) < 1e-12)
        #expect((report["results"] as? [[String: Any]])?[4]["receiver"] as? String == "logits")
        guard Program.hasPython else { return }
        for name in ["matrix", "ranked", "direct"] {
            let png = try Data(contentsOf: here.appending(path: name + ".png"))
            #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
    }

    @Test func aRunCanBeDoneAgain() throws {
        #expect(
            try program.run(
                "paths",
                "--output",
                "here",
                "--n-prompts",
                "6",
                "--quiet"
            )
            .status == 0
        )
        let finished = try program.run("verify", "here")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }

    @Test func promptsOfOnesOwn() throws {
        let clean = try program.write("A B C D E A\nJ K L M N J\n", to: "clean.txt")
        let corrupted = try program.write("F B C D E A\nP K L M N J\n", to: "corrupted.txt")
        let finished = try program.run(
            "paths",
            "--clean",
            clean,
            "--corrupted",
            corrupted,
            "--answers",
            "B,K",
            "--json"
        )
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try object(finished.output)["clean"] as? Double ?? 0 > 5)
        let same = try program.run("paths", "--clean", clean, "--corrupted", clean, "--answers", "B,K")
        #expect(same.status == 0 && !same.output.lowercased().contains("nan"))
        #expect(
            same.output.hasSuffix(
                "Recovery is undefined: the metric is the same on clean and corrupted prompts.\n"
            )
        )
    }

    @Test(arguments: [
        (
            "--senders L1H0 --receivers L0H1 --inputs q",
            "error: no path leads from L1H0 to L0H1.q: a receiver must lie in a layer after its sender; choose earlier senders or later receivers.\n"
        ),
        (
            "--senders L5H0",
            "error: head L5H0 does not exist: the layers of induct-2l are 0 to 1, the heads of each 0 to 3.\n"
        ),
        (
            "--receivers 1.4",
            "error: head L1H4 does not exist: the layers of induct-2l are 0 to 1, the heads of each 0 to 3.\n"
        ),
        (
            "--clean a.txt --corrupted short.txt --answers B",
            "error: prompt 0 has 5 tokens, its corrupted one 4; the two must align token by token, so replace words by words of as many tokens, or give token ids.\n"
        ),
        (
            "--tokens f.json --corrupted g.json --targets t.json",
            "error: answers, prompt 0: token id 5000 is outside the vocabulary, which ends at 120; check that the ids were made by this model's tokenizer.\n"
        ),
    ])
    func badInputIsSaid(arguments: String, message: String) throws {
        _ = try program.write("A B C A\n", to: "a.txt")
        _ = try program.write("A B C\n", to: "short.txt")
        _ = try program.write("[[3, 4, 5, 3]]", to: "f.json")
        _ = try program.write("[[6, 4, 5, 3]]", to: "g.json")
        _ = try program.write("[5000]", to: "t.json")
        let before = try program.contents
        let finished = try program.shell("$INDUCT paths --json \(arguments)")
        #expect(finished.status == 1 && finished.output.isEmpty)
        #expect(finished.errors == message)
        #expect(try program.contents == before)
    }

    @Test(arguments: [
        ("--senders L5", "The value 'L5' is invalid for '--senders <heads>': 'L5' is no head."),
        (
            "--inputs q,z",
            "The value 'q,z' is invalid for '--inputs <list>': 'z' is none of q, k, v; several are a list, such as q,k,v."
        ),
        (
            "--text a.txt",
            "prompts are compared with corrupted ones: give those of --text with --corrupted FILE, as many tokens each."
        ),
        ("--top 0", "--top must be at least 1."),
        ("--mlps thawed", "The value 'thawed' is invalid for '--mlps <mode>'."),
    ])
    func wrongUseIsSaid(arguments: String, message: String) throws {
        let finished = try program.shell("$INDUCT paths \(arguments)")
        #expect(finished.status == 2 && finished.output.isEmpty)
        #expect(finished.errors.contains(message), "\(finished.errors)")
        #expect(try program.contents.isEmpty)
    }
}
