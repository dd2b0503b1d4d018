// induct ablate, whole runs.
import ArgumentParser
import Foundation
import Induction
import JSON
import Lab
import Testing

@testable import induct

@Suite struct AblateCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    private func results(_ text: String) throws -> [[String: Any]] {
        try object(text)["results"] as? [[String: Any]] ?? []
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOf: program.directory.appending(path: name), encoding: .utf8)
    }

    @Test func everyHeadWithIntervalAndTest() throws {
        let finished = try program.run("ablate", "--json", "--n-prompts", "16")
        #expect(finished.status == 0 && finished.errors.isEmpty)
        let report = try object(finished.output)
        #expect(report["model"] as? String == "induct-2l" && report["mode"] as? String == "zero")
        #expect(report["component"] as? String == "head" && report["zero_point"] as? String == "raw")
        let base = try #require(report["base"] as? [String: Double])
        #expect(
            Set(base.keys) == [
                "loss", "loss_low", "loss_high", "logit_diff", "logit_diff_low", "logit_diff_high",
            ]
        )
        let heads = try results(finished.output)
        #expect(heads.count == 8)
        var deltas: [Double] = []
        for head in heads {
            func number(_ name: String) throws -> Double { try #require(head[name] as? Double, "\(name)") }
            let delta = try number("delta_loss")
            #expect(try number("low") <= delta && delta <= number("high"))
            #expect(try abs(number("ablated_loss") - delta - (base["loss"] ?? .nan)) < 1e-9)
            #expect(
                try abs(
                    number("ablated_logit_diff") - number("delta_logit_diff") - (base["logit_diff"] ?? .nan)
                )
                    < 1e-9
            )
            #expect(try number("p") <= number("q") && number("q") <= 1)
            deltas.append(delta)
        }
        // The previous-token head of this model is L0H2; induction heads are in layer 1.
        let best = try #require(deltas.indices.max { deltas[$0] < deltas[$1] })
        #expect(heads[best]["layer"] as? Int == 0 && heads[best]["head"] as? Int == 2)
        #expect(deltas[best] > 1.5)
        let second = try #require(deltas.indices.filter { $0 >= 4 }.map { deltas[$0] }.max())
        #expect(second > 0.05)
        let summary = try #require(report["summary"] as? [String: Any])
        #expect(summary["parts"] as? Int == 8 && summary["positive"] as? Int == deltas.count { $0 > 0 })
        let mean = try #require(summary["top_mean"] as? Double)
        #expect(abs(mean - deltas.reduce(0, +) / 8) < 1e-9)
        #expect(try program.contents.isEmpty, "--json without --output writes nothing")
    }

    @Test func tableReportAndTheirCopies() throws {
        let finished = try program.run(
            "ablate",
            "--model",
            "induct-4l",
            "--n-prompts",
            "16",
            "--output",
            "run",
            "--heads",
            "L0H3,1.4,1.0",
            "--topk",
            "2"
        )
        #expect(finished.status == 0)
        #expect(finished.output.hasPrefix("induct-4l: 16 bigram prompts, loss 0.0"))
        #expect(finished.output.contains("zero ablation of 3 heads, the largest delta loss first"))
        #expect(finished.output.contains("\nrank  head "))
        #expect(finished.output.contains("of 3 heads have a positive delta loss; "))
        #expect(
            finished.output.hasSuffix(
                "Intervals from 16 prompts are approximate; 100 or more make them reliable.\n"
            )
        )
        let lines = try read("run/ablation_results.csv").components(separatedBy: "\r\n")
        #expect(
            lines[0] == """
                layer,head,component,delta_loss,low,high,p,q,delta_logit_diff,delta_logit_diff_low,\
                delta_logit_diff_high,base_loss,ablated_loss,base_logit_diff,ablated_logit_diff,prompts
                """
        )
        #expect(lines.count == 5 && lines[4].isEmpty)
        #expect(lines[1].hasPrefix("0,3,head,") && lines[2].hasPrefix("1,0,head,"))
        #expect(lines[3].hasPrefix("1,4,head,") && lines[3].hasSuffix(",16"))
        #expect(lines[1...3].allSatisfy { $0.components(separatedBy: ",").allSatisfy { !$0.isEmpty } })
        let report = try read("run/report.md")
        #expect(report.contains("## Top 2 by delta loss\n\n| Rank | Layer | Head | delta loss | p | q |"))
        #expect(report.contains("| prompts | 16 bigram prompts of 36 tokens |"))
        let outputs = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "outputs").path
        ).sorted()
        #expect(outputs.count == 2)
        #expect(outputs[0].hasPrefix("ablation_results_induct-4l_2") && outputs[0].hasSuffix(".csv"))
        #expect(outputs[1].hasPrefix("report_induct-4l_2") && outputs[1].hasSuffix(".md"))
        #expect(try read("outputs/" + outputs[1]) == report)
        let verified = try program.run("verify", "run", "--quiet")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        guard Program.hasPython else { return }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "run").path
        )
        #expect(Set(files).isSuperset(of: ["heatmap.png", "heatmap.svg", "ranked.png"]))
    }

    @Test func otherPartsAndModes() throws {
        for (part, mode, count) in [
            ("mlp", "mean", 4), ("attn", "mean-all", 4), ("layer", "resample", 4),
            ("head", "pattern-preserving", 6),
        ] {
            let layers = part == "head" ? ["--layers", "2"] : []
            let finished = try program.shell(
                (["$INDUCT ablate --json --model induct-4l --n-prompts 4 --component", part, "--mode", mode]
                    + layers).joined(separator: " ")
            )
            #expect(finished.status == 0, "\(finished.errors)")
            let found = try results(finished.output)
            #expect(found.count == count && found.allSatisfy { $0["component"] as? String == part })
            #expect(found.allSatisfy { ($0["head"] is NSNull) == (part != "head") })
            #expect(found.allSatisfy { $0["delta_loss"] is Double })
        }
    }

    /// A family whose norms have biases: what is folded is part of every head's z.
    @Test func zeroOfFoldedWeights() throws {
        _ = try program.write("[[1,2,3,4,1],[5,6,7,8,5]]", to: "t.json")
        let command =
            "$INDUCT ablate --model '\(Program.fixture("gpt2"))' --tokens t.json --targets 2,6 --json"
        let plain = try results(program.shell(command).output).compactMap { $0["delta_loss"] as? Double }
        let folded = try program.shell(command + " --fold-value-bias")
        let other = try results(folded.output).compactMap { $0["delta_loss"] as? Double }
        #expect(!plain.isEmpty && plain.count == other.count)
        #expect(zip(plain, other).contains { abs($0 - $1) > 1e-5 })
        #expect(try object(folded.output)["zero_point"] as? String == "folded-weights")
    }

    @Test func promptsOfOnesOwnAndOfATextAndOfSeveralTokens() throws {
        let text = (0..<40).map { "A B C D E F G H A B I J K \($0 % 3 == 0 ? "L" : "M") N O C D P Q" }
        _ = try program.write(text.joined(separator: "\n"), to: "tale.txt")
        let natural = try program.shell(
            "$INDUCT ablate --json --prompts-kind natural --corpus tale.txt --n-prompts 4 --length 12 --corrupt second"
        )
        #expect(natural.status == 0, "\(natural.errors)")
        let several = try program.shell("$INDUCT ablate --json --prompts-kind multitoken --n-prompts 4")
        #expect(several.status == 0, "\(several.errors)")
        let prompts = try #require(object(several.output)["prompts"] as? [String: Any])
        #expect(prompts["positions"] as? String == "targets" && (prompts["predictions"] as? Int ?? 0) > 4)
        _ = try program.write("A B C D A\nE F G H E\n", to: "own.txt")
        let own = try program.shell("$INDUCT ablate --json --text own.txt --answers B,F")
        #expect(own.status == 0, "\(own.errors)")
        let notes = try object(own.output)["notes"] as? [String]
        #expect(
            notes == [
                "Intervals from 2 prompts are approximate; 100 or more make them reliable.",
                "2 prompts allow no p below 0.5: no single part of 8 can be significant.",
            ]
        )
        let single = try program.shell("$INDUCT ablate --json --n-prompts 1")
        #expect(try results(single.output).allSatisfy { $0["low"] is NSNull && $0["p"] as? Double == 1 })
    }

    @Test(arguments: [
        (
            "--heads 2.0", 1,
            "error: head L2H0 does not exist: the layers of induct-2l are 0 to 1, the heads of each 0 to 3.\n"
        ),
        ("--layers 0..2", 1, "error: layer 2 does not exist: the layers of induct-2l are 0 to 1.\n"),
        (
            "--component mlp", 1,
            "error: induct-2l consists of attention only and has no MLPs; choose heads, attn or layers.\n"
        ),
        ("--tokens empty.json", 1, "empty.json holds no prompts; give at least one.\n"),
        (
            "--tokens one.json --targets 500", 1,
            """
            error: answers, prompt 0: token id 500 is outside the vocabulary, which ends at 120; check that the ids were made \
            by this model's tokenizer.\n
            """
        ),
        (
            "--tokens one.json --targets 4,5", 1,
            "error: answers: 2 for 1 prompts; give one for each prompt, in the same order.\n"
        ),
        (
            "--tokens one.json --targets 4 --mode resample", 1,
            """
            error: prompt 0 is the only one of 3 tokens; resampling takes the activation of another prompt of the same length, \
            so give at least two of each length.\n
            """
        ),
        (
            "--heads 0.1 --layers 0", 2,
            "Error: --heads and --layers exclude each other: heads have their layers in their names.\n"
        ),
        (
            "--component attn --heads 0.1", 2,
            "Error: --heads goes with heads; choose among attn by --layers.\n"
        ),
        ("--topk 0", 2, "Error: --topk must be at least 1.\n"),
        (
            "--fold-value-bias --mode mean", 2,
            """
            Error: --fold-value-bias says what zero is for a head: it goes with --component head and --mode zero or \
            pattern-preserving.\n
            """
        ),
    ])
    func badInput(arguments: String, status: Int32, message: String) throws {
        _ = try program.write("[]", to: "empty.json")
        _ = try program.write("[[1, 2, 3]]", to: "one.json")
        let before = try program.contents
        let finished = try program.shell("$INDUCT ablate --output new \(arguments)")
        #expect(finished.status == status)
        #expect(
            status == 2 ? finished.errors.hasPrefix(message) : finished.errors.hasSuffix(message),
            "\(finished.errors)"
        )
        #expect(finished.output.isEmpty)
        #expect(try program.contents == before)
    }

    @Test(arguments: [
        ("0,2,4..6", [0, 2, 4, 5, 6]), ("3", [3]), (" 5 ,1..1", [1, 5]), ("2..4,3", [2, 3, 4]),
    ])
    func layers(text: String, expected: [Int]) throws {
        #expect(try LayerList(text).layers == expected)
    }

    @Test(arguments: ["", "a", "1,", "6..4", "1..2..3", "-1", "..3", "1-3", "99999999999999999999"])
    func whatNamesNoLayers(text: String) {
        #expect(throws: ValidationError.self) { _ = try LayerList(text) }
    }

    /// What the report tells to type asks the same.
    @Test(arguments: [
        "",
        "--heads 0.2,L1H3 --mode pattern-preserving --fold-value-bias --topk 3 --seed 7",
        "--prompts-kind repeat --n-prompts 5 --length 40 --lag 12 --positions targets --no-prepend-bos --layers 1",
        "--prompts-kind natural --corpus t.txt --ngram 3 --length 20 --n-prompts 4 --corrupt first",
        "--tokens a.json --targets t.json --foils 3,4", "--text a.txt --answers B --component layer",
        "--prompts-kind multitoken --copied 3 --corrupt second --mode resample",
    ])
    func theReportsCommandAsksTheSame(arguments: String) throws {
        func parse(_ words: [String]) throws -> Ablate { try AblateCommand.parse(words).analysis }
        let asked = try parse(arguments.split(separator: " ").map(String.init))
        // Encoded, since files are then named by whole paths.
        #expect(try JSONValue(encoding: parse(asked.arguments)) == JSONValue(encoding: asked))
    }
}
