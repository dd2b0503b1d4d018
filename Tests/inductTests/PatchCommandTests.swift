// induct patch, whole runs.
import Foundation
import Testing

@Suite struct PatchCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func recoveries(_ report: [String: Any]) -> [Double] {
        let results = report["results"] as? [[String: Any]] ?? []
        return results.map { ($0["recovery"] as? [String: Any])?["mean"] as? Double ?? .nan }
    }

    private func run(_ arguments: String) throws -> [String: Any] {
        let finished = try program.shell("$INDUCT patch --json \(arguments)")
        #expect(finished.status == 0 && finished.errors.isEmpty, "\(finished.errors)")
        return try object(finished.output)
    }

    private func files(_ directory: String) throws -> Set<String> {
        try Set(
            FileManager.default.contentsOfDirectory(
                atPath: program.directory.appending(path: directory).path
            )
        )
    }

    @Test func jsonHasTheKeysOfEveryResult() throws {
        let report = try run("--n-prompts 16")
        #expect(report["component"] as? String == "head" && report["metric"] as? String == "logit-diff")
        #expect(report["direction"] as? String == "denoising" && report["patched_at"] as? String == "all")
        let clean = try #require(report["clean"] as? Double)
        let corrupted = try #require(report["corrupted"] as? Double)
        #expect(clean > 5 && corrupted < -5, "the corrupted prompts have another answer")
        let results = try #require(report["results"] as? [[String: Any]])
        #expect(results.count == 8)
        for result in results {
            #expect(result["layer"] is Int && result["head"] is Int && result["position"] is NSNull)
            let patched = try #require(result["patched"] as? Double)
            let recovery = try #require(result["recovery"] as? [String: Any])
            let mean = try #require(recovery["mean"] as? Double)
            #expect(abs(mean - (patched - corrupted) / (clean - corrupted)) < 1e-9)
            let (low, high) = (recovery["low"] as? Double, recovery["high"] as? Double)
            #expect(try #require(low) <= mean && mean <= #require(high))
            #expect(recovery["std"] is Double && recovery["trials"] as? Int == 16)
            #expect(recovery["undefined"] is NSNull)
        }
        // Another B: every induction head of layer 1 says what it reads, no head of layer 0 knows of B.
        let found = recoveries(report)
        #expect(found[..<4].allSatisfy { abs($0) < 0.05 } && found[4...].allSatisfy { $0 > 0.1 })
        let best = try #require(report["best"] as? [String: Any])
        let gain = try #require(best["gain"] as? [String: Any])
        #expect((gain["prompts"] as? [Double])?.count == 16 && gain["trials"] as? Int == 16)
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func anotherFirstTokenShowsThePreviousTokenHead() throws {
        let found = recoveries(try run("--n-prompts 16 --corrupt first"))
        let best = try #require(found.indices.max { found[$0] < found[$1] })
        #expect(best == 2, "the previous-token head L0H2; found \(found)")
        let last = recoveries(try run("--n-prompts 16 --corrupt first --at last"))
        #expect(last[..<4].allSatisfy { abs($0) < 0.05 }, "at the last position it is not seen")
    }

    @Test func noisingIsTheOtherWay() throws {
        let report = try run("--n-prompts 16 --direction noising --component layer --at all")
        #expect(recoveries(report).allSatisfy { abs($0 - 1) < 1e-4 }, "a whole stream takes the pattern away")
        #expect((report["notes"] as? [String])?.last?.hasSuffix("recovery is 1 by construction.") == true)
        let found = recoveries(try run("--n-prompts 16 --direction noising --component layer"))
        #expect(abs(found[0]) < 0.05 && abs(found[1] - 1) < 1e-4, "the last position has B from block 1 on")
    }

    @Test func divergenceFromTheCleanRunGoesBackToZero() throws {
        let report = try run("--n-prompts 8 --metric kl")
        let corrupted = try #require(report["corrupted"] as? Double)
        #expect(report["clean"] as? Double == 0 && corrupted > 1)
        let results = try #require(report["results"] as? [[String: Any]])
        for (result, recovery) in zip(results, recoveries(report)) {
            let patched = try #require(result["patched"] as? Double)
            #expect(patched >= 0 && abs(recovery - (1 - patched / corrupted)) < 1e-9)
        }
        let noising = try run("--n-prompts 8 --metric kl --direction noising")
        for (result, recovery) in zip(noising["results"] as? [[String: Any]] ?? [], recoveries(noising)) {
            #expect(abs(recovery - (result["patched"] as? Double ?? .nan) / corrupted) < 1e-9)
        }
        for metric in ["loss", "prob"] {
            let found = recoveries(try run("--n-prompts 4 --component layer --at all --metric \(metric)"))
            #expect(found.allSatisfy { abs($0 - 1) < 1e-4 })
        }
    }

    @Test func filesFiguresAndVerify() throws {
        let finished = try program.shell(
            "$INDUCT patch --model induct-4l --n-prompts 16 --component layer --output run --topk 2 --threshold 0.9"
        )
        #expect(finished.status == 0)
        #expect(
            finished.output.hasPrefix(
                "induct-4l: 16 bigram prompts against --corrupt second, logit-diff: clean "
            )
        )
        #expect(
            finished.output.contains(
                "\nImportant (with a recovery of 0.9 or more, at most 2): layer "
            ),
            "\(finished.output)"
        )
        let text = try String(
            contentsOf: program.directory.appending(path: "run/patching_results.csv"),
            encoding: .utf8
        )
        let lines = text.components(separatedBy: "\r\n")
        #expect(
            lines[0] == """
                layer,head,position,component,metric,direction,clean,corrupted,patched,patched_low,patched_high,recovery,low,\
                high,std,trials,undefined
                """
        )
        #expect(lines.count == 6 && lines[1].hasPrefix("0,,,layer,logit-diff,denoising,"))
        #expect(try files("outputs").allSatisfy { $0.hasPrefix("patching_results_induct-4l_") })
        let verified = try program.run("verify", "run", "--quiet")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        guard Program.hasPython else { return }
        #expect(
            try files("run").isSuperset(of: [
                "layers.png", "ranked.png", "patched.png", "gain.png", "gain.svg",
            ])
        )
        #expect(try files("results") == ["induction_patching_effects.png"])
    }

    @Test func positionByPosition() throws {
        let finished = try program.shell(
            "$INDUCT patch --n-prompts 4 --length 8 --component position-by-layer --at 1,2,8 --output run"
        )
        #expect(finished.status == 0, "\(finished.errors)")
        let report = try object(
            String(
                contentsOf: program.directory.appending(path: "run/patching.json"),
                encoding: .utf8
            )
        )
        #expect(report["component"] as? String == "position-by-layer")
        #expect(report["patched_at"] as? [Int] == [1, 2, 8])
        let results = try #require(report["results"] as? [[String: Any]])
        #expect(results.map { $0["position"] as? Int } == [1, 2, 8, 1, 2, 8])
        // BOS A B ...: the B at 2 is all that differs before the first block.
        let found = recoveries(report)
        #expect(abs(found[1] - 1) < 1e-4 && abs(found[0]) < 1e-4 && abs(found[2]) < 1e-4)
        if Program.hasPython { #expect(try files("run").contains("positions.png")) }
    }

    @Test func whereNothingDiffersRecoveryIsUndefined() throws {
        _ = try program.write("[[0, 1, 2, 3, 4, 1], [0, 5, 6, 7, 8, 5]]", to: "a.json")
        let arguments = "--clean a.json --corrupted a.json --answers 2,6"
        let report = try run(arguments)
        let reason =
            "undefined: the metric is the same on clean and corrupted prompts."
        for result in report["results"] as? [[String: Any]] ?? [] {
            let recovery = try #require(result["recovery"] as? [String: Any])
            #expect(recovery["mean"] is NSNull && recovery["undefined"] as? String == reason)
        }
        #expect((report["notes"] as? [String])?.last == "Recovery is \(reason)")
        #expect(report["best"] is NSNull && (report["important"] as? [Any])?.isEmpty == true)
        let finished = try program.shell("$INDUCT patch \(arguments) --output run")
        #expect(finished.status == 0 && finished.output.contains("Recovery is \(reason)"))
        if Program.hasPython { #expect(try files("run").contains("heatmap.png")) }
    }

    @Test func textsNaturalAndSeveralTokens() throws {
        _ = try program.write("A B C D A\nE F G H E\n", to: "a.txt")
        _ = try program.write("A I C D A\nE J G H E\n", to: "b.txt")
        let own = try run("--clean a.txt --corrupted b.txt --answers B,F --foils I,J")
        #expect(recoveries(own).count == 8)
        let several = try run("--prompts-kind multitoken --n-prompts 8 --copied 3")
        let prompts = try #require(several["prompts"] as? [String: Any])
        #expect(prompts["predictions"] as? Int == 24 && prompts["corruption"] as? String == "second")
        let text = (0..<40).map { "A B C D E F G H A B I J K \($0 % 3 == 0 ? "L" : "M") N O C D P Q" }
        _ = try program.write(text.joined(separator: "\n"), to: "tale.txt")
        let natural = try run(
            "--prompts-kind natural --corpus tale.txt --n-prompts 4 --length 12 --corrupt first --heads 0.2,1.1"
        )
        #expect((natural["results"] as? [Any])?.count == 2)
    }

    @Test(arguments: [
        (
            "--clean a.txt --corrupted short.txt --answers B", 1,
            """
            error: prompt 0 has 6 tokens, its corrupted one 5; the two must align token by token, so replace words by words of \
            as many tokens, or give token ids.\n
            """
        ),
        (
            "--clean a.txt --corrupted two.txt --answers B", 1,
            "error: corrupted prompts: 2 for 1 prompts; give one for each prompt, in the same order.\n"
        ),
        (
            "--component mlp", 1,
            "error: induct-2l consists of attention only and has no MLPs; choose heads, attn or layers.\n"
        ),
        (
            "--heads 1.4", 1,
            "error: head L1H4 does not exist: the layers of induct-2l are 0 to 1, the heads of each 0 to 3.\n"
        ),
        (
            "--at 36", 1,
            """
            error: position 36 does not exist in prompt 0, whose last position is 35; choose positions that all prompts have, \
            or prompts of one length.\n
            """
        ),
        (
            "--clean ragged.txt --corrupted ragged2.txt --positions all --component position-by-layer", 1,
            """
            error: prompt 1 has 4 tokens, prompt 0 has 6; a map of positions needs prompts of one length, aligned token by \
            token. Give such prompts, or patch layers, heads or MLPs.\n
            """
        ),
        (
            "--clean a.txt --answers B", 2,
            """
            Error: prompts are compared with corrupted ones: give those of --clean with --corrupted FILE, as many tokens \
            each.\n
            """
        ),
        (
            "--component position-by-layer --at last", 2,
            "Error: --component position-by-layer takes positions one by one: --at all, or --at with a list.\n"
        ),
        ("--at 3,x", 2, "Error: The value '3,x' is invalid for '--at <where>'\n"),
        ("--threshold nan", 2, "Error: --threshold must be a number.\n"),
        ("--topk 0", 2, "Error: --topk must be at least 1.\n"),
    ])
    func badInput(arguments: String, status: Int32, message: String) throws {
        for (name, text) in [
            ("a.txt", "A B C D A"), ("short.txt", "A B C D"), ("two.txt", "A C C D A\nA D C D A"),
            ("ragged.txt", "A B C D A\nE F E"), ("ragged2.txt", "A C C D A\nE G E"),
        ] {
            _ = try program.write(text, to: name)
        }
        let before = try program.contents
        let finished = try program.shell("$INDUCT patch --json \(arguments)")
        #expect(finished.status == status)
        #expect(
            status == 2 ? finished.errors.hasPrefix(message) : finished.errors == message,
            "\(finished.errors)"
        )
        #expect(finished.output.isEmpty)
        #expect(try program.contents == before)
    }
}
