// induct lens, whole runs that read what they wrote.
import Foundation
import Runs
import Testing

@Suite struct LensCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func json(_ arguments: String) throws -> [String: Any] {
        let finished = try program.shell("$INDUCT lens --json \(arguments)")
        #expect(finished.status == 0 && finished.errors.isEmpty, "\(finished.errors)")
        return try object(finished.output)
    }

    private func objects(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }

    private func number(_ value: Any?) throws -> Double { try #require(value as? Double) }

    @Test func jsonHoldsEveryLayerOfOnePrediction() throws {
        let report = try json("--prompt 'A B C A' --answers B")
        let layers = try objects(report["layers"])
        #expect(layers.map { $0["layer"] as? Int } == [0, 1, 2])
        for layer in layers {
            #expect(Set(layer.keys) == ["layer", "top", "target"])
            let top = try objects(layer["top"])
            #expect(top.count == 5 && top.allSatisfy { Set($0.keys) == ["id", "token", "probability"] })
            let probabilities = try top.map { try number($0["probability"]) }
            #expect(probabilities == probabilities.sorted(by: >) && probabilities.allSatisfy { $0 <= 1 })
            let target = try #require(layer["target"] as? [String: Any])
            #expect(Set(target.keys) == ["rank", "probability", "logit"])
        }
        let last = try objects(layers[2]["top"])[0]
        let target = try #require(layers[2]["target"] as? [String: Any])
        #expect(last["token"] as? String == "B" && target["rank"] as? Int == 1)
        #expect(try number(target["probability"]) == number(last["probability"]))
        #expect(report["convergence_layer"] as? Int == 2 && report["stability"] as? Double == 0)
        let example = try #require(report["example"] as? [String: Any])
        let tokens = try objects(example["tokens"])
        #expect(tokens.compactMap { $0["token"] as? String } == ["<bos>", "A", "B", "C", "A"])
        #expect((example["target"] as? [String: Any])?["id"] as? Int == last["id"] as? Int)
        #expect(example["prompt"] as? Int == 0 && example["position"] as? Int == 4)
        #expect(report["notes"] as? [String] == ["One prompt has no spread: there are no intervals."])
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func termsAddUpToTheLogitDifference() throws {
        for options in ["--n-prompts 6", "--prompts-kind bigram --n-prompts 5 --model induct-4l"] {
            let attribution = try #require(try json(options)["attribution"] as? [String: Any])
            let components = try objects(attribution["components"])
            let sum = try components.reduce(0) { try $0 + number($1["mean"]) }
            let difference = try #require(attribution["logit_difference"] as? [String: Any])
            #expect(try abs(sum - number(difference["mean"])) < 1e-4)
            #expect(try abs(number(attribution["sum"]) - sum) < 1e-12)
            #expect(try number(difference["low"]) < number(difference["high"]))
            let example = try #require(attribution["example"] as? [String: Any])
            let terms = try #require(example["terms"] as? [Double])
            #expect(terms.count == components.count)
            #expect(try abs(terms.reduce(0, +) - number(example["logit_difference"])) < 1e-4)
        }
    }

    @Test func theBundledModelKnowsTheAnswerAtItsEndOnly() throws {
        let report = try json("--n-prompts 12 --example 3 --topk 2")
        let rows = try objects(report["aggregate"])
        #expect(rows.map { $0["layer"] as? Int } == [0, 1, 2])
        let shares = try rows.map { try number(($0["first"] as? [String: Any])?["mean"]) }
        #expect(shares[1] < 0.1 && shares[2] > 0.9)
        let ranks = try rows.map { try #require($0["rank"] as? [String: Any])["median"] as? Int }
        #expect(try #require(ranks[1]) > 10 && ranks[2] == 1)
        #expect((report["example"] as? [String: Any])?["prompt"] as? Int == 3)
        let paths = try objects(report["paths"])
        let last = try objects(objects(report["layers"])[2]["top"])
        #expect(paths.prefix(2).map { $0["id"] as? Int } == last.map { $0["id"] as? Int })
        #expect(try number((paths[0]["probabilities"] as? [Double])?[2]) == number(last[0]["probability"]))
    }

    @Test func textIsTheCapabilityTest() throws {
        let finished = try program.run("lens", "--prompt", "A B C A", "--answers", "B", "--output", "here")
        #expect(finished.status == 0)
        let lines = finished.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "induct-2l: 1 typed prompt, 1 prediction")
        #expect(lines[1] == #"Prompt 0, after position 4: "<bos>|A|B|C|A""#)
        #expect(lines[2] == "Top 5 predictions:")
        #expect(lines[3].hasPrefix(#"  1. "B"  99."#) && lines[3].hasSuffix("%   <- target"))
        #expect(lines[8].hasPrefix(#"The target "B" has rank 1, with 99."#))
        #expect(
            lines.contains("Model becomes confident at layer 2 (50% or more). Prediction stability: 0%.")
        )
        let here = program.directory.appending(path: "here")
        let files = try FileManager.default.contentsOfDirectory(atPath: here.path)
        guard Program.hasPython else { return }
        #expect(
            Set(files) == [
                "attribution.csv", "attribution.png", "attribution.svg", "evolution.png", "evolution.svg",
                "figures.json", "lens.csv", "lens.json", "metadata.json", "story.json", "table.png",
                "table.svg",
            ]
        )
        let copy = program.directory.appending(path: "results/induction_logit_lens.png")
        #expect(
            try Data(contentsOf: copy) == Data(contentsOf: here.appending(path: "evolution.png"))
        )
    }

    @Test func tablesHoldWhatTheJSONHoldsAndVerifyFindsThemEqual() throws {
        let finished = try program.run(
            "lens",
            "--prompts-kind",
            "bigram",
            "--n-prompts",
            "7",
            "--corrupt",
            "second",
            "--output",
            "here"
        )
        #expect(finished.status == 0)
        #expect(
            finished.output.hasSuffix(
                "\n\nIntervals from 7 prompts are approximate; 100 or more make them reliable.\n"
            )
        )
        func text(_ name: String) throws -> String {
            try String(contentsOf: program.directory.appending(path: "here/\(name)"), encoding: .utf8)
        }
        let report = try object(text("lens.json"))
        let rows = try #require(CSV.rows(text("lens.csv")))
        #expect(
            rows[0] == [
                "layer", "probability", "probability_low", "probability_high", "median_rank",
                "median_rank_low",
                "median_rank_high", "first", "first_low", "first_high",
            ]
        )
        for (row, entry) in try zip(rows.dropFirst(), objects(report["aggregate"])) {
            let probability = try #require(entry["probability"] as? [String: Any])
            for (field, name) in zip(row[1...3], ["mean", "low", "high"]) {
                // JSONSerialization may miss the last digit.
                let difference = try #require(Double(field)) - number(probability[name])
                #expect(abs(difference) < 1e-12)
            }
        }
        #expect(rows.count == 4)
        let terms = try #require(CSV.rows(text("attribution.csv")))
        #expect(terms[0] == ["component", "kind", "layer", "head", "mean", "low", "high"])
        #expect(terms[1].prefix(4) == ["embedding", "embedding", "", ""])
        #expect(terms[3].prefix(4) == ["L0H0", "head", "0", "0"])
        let attribution = try #require(report["attribution"] as? [String: Any])
        let means = try objects(attribution["components"]).map { try number($0["mean"]) }
        #expect(terms.count == 1 + means.count)
        #expect(zip(terms.dropFirst(), means).allSatisfy { abs((Double($0[4]) ?? .nan) - $1) < 1e-12 })
        let verified = try program.run("verify", "here")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test func withoutAnswersThePredictionAfterTheLastTokenIsRead() throws {
        let text = try program.write("A B C A\nJohn Mary John\n", to: "mine.txt")
        let finished = try program.run("lens", "--text", text, "--output", "here", "--example", "1")
        #expect(finished.status == 0)
        #expect(finished.output.hasPrefix("induct-2l: 2 prompts of mine.txt, 2 predictions\n"))
        #expect(finished.output.contains(#"  1. "Mary"  "#))
        #expect(
            finished.output.hasSuffix(
                "There are no answers, so no target is ranked and nothing is attributed.\n"
            )
        )
        let here = program.directory.appending(path: "here")
        let report = try object(
            String(contentsOf: here.appending(path: "lens.json"), encoding: .utf8)
        )
        #expect(report["attribution"] is NSNull)
        #expect(try objects(report["aggregate"]).isEmpty)
        #expect(try objects(report["layers"]).allSatisfy { $0["target"] is NSNull })
        let files = try FileManager.default.contentsOfDirectory(atPath: here.path)
        #expect(!files.contains("lens.csv") && !files.contains("attribution.csv"))
        #expect(try program.run("verify", "here").status == 0)
    }

    @Test func aCharacterModelContinuesWhatIsTyped() throws {
        for path in ["out-tiny/ckpt.pt", "data/tiny_char/meta.pkl"] {
            let place = program.directory.appending(path: path)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try FileManager.default.copyItem(
                at: Program.root.appending(path: "Tests/CheckpointsTests/Fixtures/nanogpt/\(path)"),
                to: place
            )
        }
        let words = try program.run("lens", "--model", "out-tiny/ckpt.pt", "--prompt", "aba", "--json")
        #expect(words.status == 0, "\(words.errors)")
        let tokens = try objects((object(words.output)["example"] as? [String: Any])?["tokens"])
        #expect(tokens.compactMap { $0["token"] as? String } == ["a", "b", "a"])
    }

    @Test(arguments: [
        (
            "--prompt 'A B' --answers zzz",
            "error: answers, prompt 0: 'zzz' is not one token of this model's vocabulary; give a word that is one token, "
                + "or its id in a .json file.\n"
        ),
        (
            "--tokens ids.json --answers 7,1000",
            "error: answers, prompt 1: token id 1000 is outside the vocabulary, which ends at 120; check that the ids "
                + "were made by this model's tokenizer.\n"
        ),
        (
            "--tokens ids.json --answers 3,4,5",
            "error: answers: 3 for 2 prompts; give one for each prompt, in the same order.\n"
        ),
        ("--n-prompts 3 --example 3", "error: prompt 3 does not exist; the last is 2.\n"),
        (
            "--tokens ids.json --positions targets --example 1",
            "error: no prediction of prompt 1 is read; choose another prompt, or read more positions.\n"
        ),
        ("--text empty.txt", "error: empty.txt holds no prompts; give at least one.\n"),
    ])
    func badInputIsNamed(arguments: String, message: String) throws {
        _ = try program.write("[[1,2,3,1,2],[4,5]]", to: "ids.json")
        _ = try program.write("", to: "empty.txt")
        let finished = try program.shell("$INDUCT lens --json \(arguments)")
        #expect(finished.status == 1 && finished.output.isEmpty)
        #expect(finished.errors.replacing(program.directory.path + "/", with: "") == message)
    }

    @Test(arguments: [
        ("--prompt ''", "--prompt is empty; give the text that the model is to continue."),
        ("--topk 0", "--topk must be at least 1."),
        ("--threshold 1.5", "--threshold must be from 0 to 1."),
        ("--example=-1", "--example must be at least 0."),
        ("--prompt A --text t.txt", "--prompt and --text exclude each other: give one source of prompts."),
        ("--prompt A --n-prompts 3", "--n-prompts is for prompts that are made; --prompt is one of yours."),
    ])
    func wrongUseIsNamed(arguments: String, message: String) throws {
        let finished = try program.shell("$INDUCT lens \(arguments)")
        #expect(finished.status == 2)
        #expect(finished.errors.hasPrefix("Error: \(message)\n"))
        #expect(try program.contents.isEmpty)
    }
}
