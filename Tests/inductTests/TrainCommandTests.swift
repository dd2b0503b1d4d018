// induct train, hessian and visualize: whole runs that read what they wrote, and runs that are stopped in every way.
import Foundation
import Testing

@Suite(.serialized) struct TrainCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    /// A run of a second or two.
    private static let small = """
        --task repeat --vocab-size 24 --seq-length 22 --n-layers 2 --n-heads 2 --d-model 16 --d-ff 0 --init-std 0.1 \
        --min-pattern-length 3 --max-pattern-length 9 --n-sequences 0 --num-steps 40 --batch-size 4 --lr 1e-2 \
        --warm-up-steps 3 --log-interval 4 --eval-sequences 4 --eigen-interval 8 --eigen-sequences 2 \
        --track-top-k-eigenvalues 2 --checkpoint-interval 10 --dropout 0.1
        """

    private func train(_ arguments: String) throws -> Finished {
        // After everything else that is tested at the same time.
        try program.shell("nice -n 19 $INDUCT train \(arguments)")
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: program.directory.appending(path: name), encoding: .utf8)
    }

    private func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: program.directory.appending(path: name))
    }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: program.directory.appending(path: name).path)
    }

    @Test func aRunLeavesWhatItPromises() throws {
        let finished = try train("\(Self.small) --output run")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.errors.contains("step 4/40: loss"))
        #expect(finished.output.contains("After 40 steps: loss"))
        #expect(finished.output.contains("no transition: "))
        let lines = try text("run/metrics.jsonl").split(separator: "\n").map { try object(String($0)) }
        #expect(lines.compactMap { $0["step"] as? Int } == Array(stride(from: 0, through: 40, by: 4)))
        let heads = try #require(lines[0]["heads"] as? [[String: Any]])
        #expect(
            heads.count == 4
                && Set(heads[0].keys) == [
                    "layer", "head", "induction", "duplicate", "previous", "first", "ov_score", "qk_score",
                ]
        )
        let config = try object(text("run/config.json"))
        #expect((config["task"] as? [String: Any])?["kind"] as? String == "repeat")
        let results = try object(text("run/results.json"))
        let transition = try #require(results["transition"] as? [String: Any])
        #expect(transition["found"] as? Bool == false && results["steps"] as? Int == 40)
        for step in [10, 20, 30, 40] {
            #expect(exists("run/checkpoint_step_\(step)/optimizer.safetensors"))
        }
        for name in ["phase_transition", "eigenvalues", "spectral_density", "induction_heads", "attention"]
        where Program.hasPython {
            #expect(exists("run/\(name).png") && exists("run/\(name).svg"), "\(name)")
        }
        // What it leaves, every other command loads.
        let scan = try program.shell("$INDUCT scan --model run/model_final --json --n-prompts 4 --length 18")
        #expect(scan.status == 0, "\(scan.errors)")
        let hessian = try program.shell(
            "$INDUCT hessian --run run --top 2 --bottom 1 --density-probes 0 --json --output run"
        )
        #expect(hessian.status == 0, "\(hessian.errors)")
        let checkpoints = try #require(object(hessian.output)["checkpoints"] as? [[String: Any]])
        #expect(checkpoints.compactMap { $0["step"] as? Int } == [10, 20, 30, 40])
        #expect(exists("run/hessian.json"))
        let visualized = try program.shell("$INDUCT visualize run --output drawn")
        #expect(visualized.status == 0 && visualized.output.hasPrefix("run: no transition"))
        if Program.hasPython {
            #expect(try text("drawn/run.html").contains(#"<script type="application/json">"#))
        }
    }

    /// Kill -9 at random moments: the final weights and every line are those of a run that nobody stopped.
    @Test func aKilledRunGoesOnToTheSameBits() throws {
        #expect(try train("\(Self.small) --output whole --quiet").status == 0)
        let (weights, metrics) = (
            try bytes("whole/model_final/model.safetensors"), try bytes("whole/metrics.jsonl")
        )
        var random = SystemRandomNumberGenerator()
        #expect(try train("\(Self.small) --output cut --quiet --num-steps 1").status == 0)
        try FileManager.default.removeItem(at: program.directory.appending(path: "cut"))
        var isFirst = true
        for _ in 0..<20 where !exists("cut/results.json") {
            let seconds = Double.random(in: 0.15..<0.6, using: &random)
            let how = isFirst ? "\(Self.small) --output cut" : "--resume cut"
            _ = try program.shell("timeout -s KILL \(seconds) nice -n 19 $INDUCT train \(how) --quiet")
            if exists("cut/config.json") { isFirst = false }
        }
        let last = try train((isFirst ? "\(Self.small) --output cut" : "--resume cut") + " --quiet")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try bytes("cut/model_final/model.safetensors") == weights)
        #expect(try bytes("cut/metrics.jsonl") == metrics)
    }

    @Test func aSignalStopsWithACheckpoint() throws {
        let process = try program.start(
            "train",
            "--preset",
            "quick",
            "--num-steps",
            "100000",
            "--output",
            "run",
            "--eigen-interval",
            "0"
        )
        func lines() -> Int { ((try? text("run/metrics.jsonl")) ?? "").split(separator: "\n").count }
        while lines() < 3, process.isRunning { Thread.sleep(forTimeInterval: 0.02) }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "run").path
        )
        #expect(names.contains { $0.hasPrefix("checkpoint_step_") })
        #expect(!names.contains { $0.hasSuffix(".partial") } && !exists("run/results.json"))
        // A part of the settings, changed: refused, and nothing is lost.
        let refused = try train("--resume run --lr 0.5 --quiet")
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("has other settings: training.learningRate is 0.003 in the run, 0.5 now.")
        )
    }

    @Test func seedsAreTrainedAndSummarised() throws {
        let finished = try train("\(Self.small) --seeds 1..3 --jobs 2 --output seeds --quiet")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.output.hasSuffix("transitions: 0 of 3\n"))
        let report = try object(text("seeds/seeds.json"))
        #expect((report["runs"] as? [[String: Any]])?.compactMap { $0["seed"] as? Int } == [1, 2, 3])
        // What is finished is not trained again; what was cut is gone on with.
        let weights = try bytes("seeds/seed_2/model_final/model.safetensors")
        for name in ["results.json", "model_final", "checkpoint_step_40", "checkpoint_step_30"] {
            try FileManager.default.removeItem(at: program.directory.appending(path: "seeds/seed_2/\(name)"))
        }
        let again = try program.shell(
            "OMP_NUM_THREADS=1 $INDUCT train \(Self.small) --seeds 1..3 --output seeds --json --quiet"
        )
        #expect(again.status == 0, "\(again.errors)")
        #expect(try object(again.output).keys.sorted() == ["runs", "transitions"])
        #expect(try bytes("seeds/seed_2/model_final/model.safetensors") == weights)
        let compared = try program.shell(
            "$INDUCT visualize --compare seeds/seed_1 seeds/seed_2 --output both"
        )
        #expect(compared.status == 0, "\(compared.errors)")
    }

    @Test func charactersOfAText() throws {
        let line = "To be, or not to be, that is the question.\n"
        let file = try program.write(String(repeating: line, count: 60), to: "text.txt")
        let finished = try train(
            """
            --task text --text-file \(file) --seq-length 32 --n-layers 1 --n-heads 2 --d-model 16 --d-ff 16 --num-steps 10 \
            --log-interval 5 --eval-sequences 4 --eigen-interval 0 --batch-size 2 --output run --quiet
            """
        )
        #expect(finished.status == 0, "\(finished.errors)")
        _ = try program.write("not to be\n", to: "prompt.txt")
        let tokens = try program.shell("$INDUCT tokenize --model run/model_final --text prompt.txt --json")
        #expect(tokens.status == 0, "\(tokens.errors)")
        let lens = try program.shell("$INDUCT lens --model run/model_final --prompt 'to b' --json")
        #expect(lens.status == 0, "\(lens.errors)")
    }

    @Test func wrongUse() throws {
        for (arguments, status, error) in [
            ("--seeds 3..1", 2, "Error: The value '3..1' is invalid for '--seeds <range>'"),
            (
                "--output a --resume b", 2,
                "Error: --output names a new run, --resume one that was stopped: give one of them."
            ),
            ("--jobs 2", 2, "Error: --jobs is for --seeds."),
            ("--resume nowhere", 1, "error: there is no training run in "),
            ("--preset shakespeare-char", 1, "error: the text task needs a text: give --text-file FILE.\n"),
            ("--task text --text-file missing.txt", 1, "error: "),
            ("--output /proc/run --preset quick", 1, "error: "),
            ("--max-pattern-length 60 --preset quick", 1, "error: "),
        ] {
            let finished = try train(arguments)
            #expect(
                finished.status == status && finished.errors.hasPrefix(error),
                "\(arguments): \(finished.errors)"
            )
        }
        #expect(try program.contents.isEmpty)
    }

    /// A disk without room ends the run with a clear word, and leaves nothing half-written.
    @Test func aFullDiskStopsTheRun() throws {
        let finished = try program.shell("ulimit -f 40; $INDUCT train \(Self.small) --output run --quiet")
        #expect(finished.status == 1)
        #expect(finished.errors.contains("cannot be written"), "\(finished.errors)")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: program.directory.appending(path: "run").path
        )
        #expect(!names.contains { $0.contains("partial") || $0.hasPrefix("checkpoint") }, "\(names)")
        // With room again it goes on.
        #expect(try train("--resume run --quiet").status == 0)
    }

    @Test func hessianOfAModel() throws {
        let finished = try program.shell(
            """
            $INDUCT hessian --n-prompts 2 --length 12 --top 2 --bottom 1 --trace-probes 2 --density-probes 1 --blocks \
            attention.0 --json
            """
        )
        #expect(finished.status == 0, "\(finished.errors)")
        let report = try object(finished.output)
        for name in ["loss", "top", "bottom", "trace", "density", "parts", "prompts"] {
            #expect(report[name] != nil, "\(name)")
        }
        let top = try #require(report["top"] as? [[String: Any]])
        #expect(top.count == 2 && Set(top[0].keys) == ["value", "residual", "gradient_cosine2"])
        let unknown = try program.shell("$INDUCT hessian --blocks mlp.0")
        #expect(
            unknown.status == 1
                && unknown.errors == """
                    error: the model has no parameters in a block "mlp.0"; its blocks are embedding, positions, norms.0, \
                    attention.0, norms.1, attention.1, final-norm, unembedding.

                    """
        )
    }
}
