// The commands of induction topology, whole runs: what they print, what they write, and how a run is done again.
import Foundation
import Testing

@Suite struct TopologyCommandTests {
    let program: Program
    /// Small enough for a test of the whole way.
    private static let small = "--prompts-kind repeat --n-prompts 24 --resamples 200 --quiet --output run"

    init() throws {
        program = try Program()
    }

    private func files(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: program.directory.appending(path: directory).path)
            .sorted()
    }

    private func json(_ file: String) throws -> [String: Any] {
        try object(String(contentsOf: program.directory.appending(path: file), encoding: .utf8))
    }

    @Test func profileWritesSeedsFiles() throws {
        let finished = try program.shell("$INDUCT profile --model induct-4l \(Self.small)")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        #expect(finished.output.hasPrefix("induct-4l: induction peaks at layer 1 of 4 (0.9"))
        let results = [
            "config.yaml", "metadata.json", "profile_induct-4l.json", "prompts.txt", "scores_induct-4l.npy",
        ]
        #expect(try Set(files("run")).isSuperset(of: results))
        let profile = try json("run/profile_induct-4l.json")
        #expect(profile["model"] as? String == "induct-4l" && profile["score"] as? String == "induction")
        #expect(profile["peak_layer"] as? Int == 1 && profile["peak_over_layers"] as? Double == 0.25)
        let scores = try #require(profile["scores"] as? [String: [[Double]]])
        #expect(Set(scores.keys) == ["induction", "duplicate", "previous", "first"])
        #expect(scores.values.allSatisfy { $0.count == 4 && $0.allSatisfy { $0.count == 6 } })
        if Program.hasPython {
            #expect(try files("figs") == ["heatmap_induct-4l.png", "profile_induct-4l.png"])
        }
    }

    /// The scores of `profile` are those of `scan` on the same prompts.
    @Test func profileAndScanAgree() throws {
        _ = try program.shell("$INDUCT profile \(Self.small)")
        let scan = try object(
            program.shell("$INDUCT scan --json --prompts-kind repeat --n-prompts 24").output
        )
        let heads = try #require(scan["heads"] as? [[String: Any]])
        let scores = try #require(json("run/profile_induct-2l.json")["scores"] as? [String: [[Double]]])
        for head in heads {
            let (layer, index) = (head["layer"] as? Int ?? -1, head["head"] as? Int ?? -1)
            let mean = (head["induction"] as? [String: Any])?["mean"] as? Double
            #expect(scores["induction"]?[layer][index] == mean)
        }
    }

    @Test func sizesAreComparedAtAnEqualNumberOfHeads() throws {
        let finished = try program.shell(
            "$INDUCT crosssize --models induct-2l induct-4l --labels small large \(Self.small)"
        )
        #expect(finished.status == 0)
        #expect(
            finished.output.contains(
                "Relative depth of the peaks, 4 heads a layer each: small 1.00, large 0.33"
            )
        )
        let overlay = try json("run/multisize.json")
        let models = try #require(overlay["models"] as? [[String: Any]])
        #expect(models.compactMap { $0["model"] as? String } == ["small", "large"])
        #expect(overlay["heads_compared"] as? Int == 4)
        if Program.hasPython { #expect(try files("figs").contains("cross_size_overlay.png")) }
        let both = try program.shell(
            "$INDUCT multisize --models induct-2l induct-2l induct-4l \(Self.small)2"
        )
        #expect(both.status == 1)
        #expect(
            both.errors == """
                error: two of the models have one name (induct-2l, induct-2l, induct-4l); give each its own with --labels.\n
                """
        )
    }

    /// A path is no name for a file, nor is a label with a slash.
    @Test func filesAreCalledAsTheModelIs() throws {
        let path = Program.fixture("llama")
        _ = try program.shell("$INDUCT profile --model \(path) \(Self.small)")
        #expect(try files("run").contains("profile_llama.json"))
        let labelled = try program.shell(
            "$INDUCT crosssize --models \(path) induct-2l --labels ../a/b c/d \(Self.small)2"
        )
        #expect(labelled.status == 0, "\(labelled.errors)")
        #expect(
            try files("run2").contains("profile_..--a--b.json") && files("run2").contains("prompts_c--d.txt")
        )
    }

    @Test func nullsFindTheTrainedHeads() throws {
        let finished = try program.shell("$INDUCT nulls \(Self.small)")
        #expect(finished.status == 0)
        let nulls = try json("run/nulls_induct-2l.json")
        let shuffled = try #require(nulls["shuffled"] as? [String: Any])
        #expect(shuffled["draws"] as? Int == 1600)
        let heads = try #require(shuffled["heads"] as? [[String: Any]])
        let upper = heads.filter { ($0["head"] as? [String: Int])?["layer"] == 1 }
        #expect(upper.count == 4 && upper.allSatisfy { $0["q"] as? Double ?? 1 < 0.01 })
        #expect(upper.allSatisfy { $0["observed"] as? Double ?? 0 > 0.8 })
        let permutation = try #require(nulls["permutation"] as? [String: Any])
        #expect((permutation["layers"] as? [Any])?.count == 2)
    }

    @Test func oneLagLeavesNothingToShuffle() throws {
        let finished = try program.shell("$INDUCT nulls --lag 20 \(Self.small)")
        #expect(finished.status == 1 && finished.output.isEmpty)
        #expect(
            finished.errors.hasPrefix(
                "error: the repeat prompts have too few different lags for the shuffled"
            )
        )
    }

    @Test func causalComparesWithRandomHeads() throws {
        let finished = try program.shell("$INDUCT causal --model induct-4l --topk 1 2 \(Self.small)")
        #expect(finished.status == 0)
        let causal = try json("run/causal_induct-4l.json")
        let base = try #require((causal["base"] as? [String: Any])?["accuracy"] as? Double)
        #expect(base > 0.8)
        let tests = try #require(causal["tests"] as? [[String: Any]])
        #expect(tests.compactMap { ($0["heads"] as? [Any])?.count } == [1, 2])
        for test in tests {
            let effect = try #require(test["effect"] as? [String: [String: Any]])
            let delta = try #require(effect["loss"]?["delta"] as? [String: Any])
            #expect(delta["mean"] as? Double ?? 0 > 0, "cutting induction heads costs loss")
        }
        let many = try program.shell("$INDUCT causal --topk 8 \(Self.small)2")
        #expect(
            many.errors.hasPrefix("error: cannot cut 8 heads of induct-2l, which has 8: fewer than --topk")
        )
    }

    @Test func lagBucketsSplitThePairs() throws {
        let finished = try program.shell("$INDUCT lagbuckets --short_max 19 \(Self.small)")
        #expect(finished.status == 0)
        let buckets = try #require(json("run/lagbuckets_induct-2l.json")["buckets"] as? [[String: Any]])
        let lags = buckets.compactMap { $0["lags"] as? [String: Int] }
        #expect(lags.map { $0["first"] } == [1, 20] && lags.map { $0["last"] } == [19, nil])
        let all = try program.shell("$INDUCT scan --json --prompts-kind repeat --n-prompts 24").output
        let head = try #require(
            (object(all)["heads"] as? [[String: Any]])?.first?["induction"] as? [String: Any]
        )
        #expect(buckets.compactMap { $0["pairs"] as? Int }.reduce(0, +) == head["pairs"] as? Int)
    }

    @Test func aRunIsDoneAgainByteByByte() throws {
        for (index, command) in ["profile", "nulls", "causal --topk 1", "lagbuckets", "scan"].enumerated() {
            let run = "run\(index)"
            let options = command == "scan" ? Self.small.replacing("--resamples 200 ", with: "") : Self.small
            _ = try program.shell("$INDUCT \(command) \(options)\(index)")
            let finished = try program.run("verify", run)
            #expect(finished.status == 0, "\(finished.output)")
            #expect(finished.output.contains("Every result file is the same, byte by byte"))
        }
        let file = program.directory.appending(path: "run0/profile_induct-2l.json")
        try String(contentsOf: file, encoding: .utf8).replacing(
            "\"peak_layer\": 1",
            with: "\"peak_layer\": 2"
        )
        .write(to: file, atomically: true, encoding: .utf8)
        let finished = try program.run("verify", "run0")
        #expect(finished.status == 1 && finished.errors.isEmpty)
        #expect(finished.output.contains("profile_induct-2l.json") && finished.output.contains("peak_layer"))
    }

    /// A run that was stopped after its first model goes on with the second and ends as one that was not.
    @Test func aStoppedRunGoesOn() throws {
        let models = "--models induct-2l induct-4l"
        _ = try program.shell("$INDUCT crosssize \(models) \(Self.small)")
        let whole = try json("run/multisize.json") as NSDictionary
        // As a kill between the two models leaves it: without the second model's part.
        let receipt = program.directory.appending(path: "run/metadata.json")
        var metadata = try object(String(contentsOf: receipt, encoding: .utf8))
        var parts = try #require(metadata["parts"] as? [[String: Any]])
        #expect(
            parts.compactMap { $0["name"] as? String } == [
                "prompts", "profile induct-2l", "profile induct-4l", "overlay", "story",
            ]
        )
        parts.removeLast(3)
        metadata["parts"] = parts
        metadata["state"] = "running"
        try JSONSerialization.data(withJSONObject: metadata).write(to: receipt)
        for name in ["profile_induct-4l.json", "scores_induct-4l.npy", "multisize.json"] {
            try FileManager.default.removeItem(at: program.directory.appending(path: "run/\(name)"))
        }
        let other = Self.small.replacing("--output run", with: "--resume run")
        let finished = try program.shell("$INDUCT crosssize \(models) \(other)")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try json("run/multisize.json") as NSDictionary == whole)
        let changed = try program.shell("$INDUCT crosssize \(models) --seed 1 \(other)")
        #expect(
            changed.status == 1
                && changed.errors.contains("run cannot be resumed: it was made from something else.")
        )
    }

    @Test func settingsAreFoundAndFlagsWin() throws {
        let printed = try program.run("settings")
        #expect(printed.status == 0 && printed.output.contains("n_sequences: 400"))
        _ = try program.write(
            "model: induct-4l\nseq_len: 40\nprompts:\n  n_sequences: 12\n  mix: {ABAB: 1, NAMES: 0}\n",
            to: "settings.yaml"
        )
        let finished = try program.shell("$INDUCT profile --n-prompts 14 --output run --quiet")
        #expect(finished.output.hasPrefix("induct-4l: "))
        let profile = try json("run/profile_induct-4l.json")
        let subject = try #require(profile["subject"] as? [String: Any])
        #expect(subject["prompt_count"] as? Int == 14 && subject["prompts"] as? String == "abab prompts")
        let prompts = try String(
            contentsOf: program.directory.appending(path: "run/prompts.txt"),
            encoding: .utf8
        )
        let rows = prompts.split(separator: "\n")
        #expect(rows.count == 14 && rows.allSatisfy { $0.split(separator: " ").count == 40 })

        _ = try program.write("prompts:\n  n_sequence: 3\n", to: "settings.yaml")
        let wrong = try program.shell("$INDUCT profile --quiet")
        #expect(wrong.status == 1)
        #expect(
            wrong.errors.contains(
                "settings.yaml: line 2, column 3: there is no setting \"prompts.n_sequence\"."
            )
        )
        let half = try program.write("dtype: float16\ndevice: cpu\n", to: "half.yaml")
        let notice = try program.shell(
            "$INDUCT profile --settings \(half) --n-prompts 4 --length 20 --output half"
        )
        #expect(notice.errors.contains("dtype float16 is for GPUs: computing in float32 on the CPU"))
    }

    @Test func profilesAreListed() throws {
        for _ in 0..<2 {
            _ = try program.shell("$INDUCT profile --n-prompts 4 --length 20 --quiet")
        }
        #expect(try files("outputs/runs").count == 2, "two runs in a second have a directory each")
        let rows = try program.shell("$INDUCT profiles --csv").output.split(whereSeparator: \.isNewline)
        #expect(rows.count == 3 && rows[0].hasPrefix("model,"))
        let latest = try program.shell("$INDUCT profiles --latest --csv").output.split(
            whereSeparator: \.isNewline
        )
        #expect(latest.count == 2 && latest[1] == rows[1])
    }

    @Test(.enabled(if: Program.hasPython, "needs the Python environment of set-up"))
    func pythonReadsWhatWasWritten() throws {
        _ = try program.shell("$INDUCT crosssize --models induct-2l induct-4l \(Self.small)")
        _ = try program.shell("$INDUCT profiles --runs . --csv > profiles.csv")
        let finished = try program.python(
            """
            import csv, json, numpy, yaml
            scores = numpy.load("run/scores_induct-4l.npy")
            profile = json.load(open("run/profile_induct-4l.json"))
            assert scores.dtype == numpy.float32 and scores.shape == (4, 6)
            assert numpy.allclose(scores, profile["scores"]["induction"], atol=1e-7)
            layers = numpy.sort(scores, axis=1)
            top = layers[:, int(0.9 * 6):].mean(axis=1)
            assert numpy.allclose(top, profile["top"]["profile"]["values"], atol=1e-6)
            assert profile["peak_layer"] == int(top.argmax())
            assert numpy.allclose(layers.mean(axis=1), profile["mean"]["profile"]["values"], atol=1e-6)
            share = numpy.cumsum(top) / top.sum()
            width = (int(numpy.argmax(share >= 0.84)) - int(numpy.argmax(share >= 0.16)) + 1) / 4
            assert abs(width - profile["bandwidth"]) < 1e-9
            config = yaml.safe_load(open("run/config.yaml"))
            assert config["prompts"]["n_sequences"] == 24 and config["device"] == "cpu"
            rows = list(csv.DictReader(open("profiles.csv")))
            assert [row["model"] for row in rows] == ["induct-2l", "induct-4l"], rows
            assert json.load(open("run/metadata.json"))["state"] == "complete"
            print("read")
            """
        )
        #expect(finished.output == "read\n", "\(finished.errors)")
    }

    @Test(arguments: [
        "profile", "crosssize", "multisize", "nulls", "causal", "lagbuckets", "profiles", "verify",
        "settings",
    ])
    func everyCommandHasHelp(command: String) throws {
        let finished = try program.run(command, "--help")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        #expect(
            finished.output.hasPrefix("OVERVIEW: ") && finished.output.contains("USAGE: induct \(command)")
        )
    }
}
