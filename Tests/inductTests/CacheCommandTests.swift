// induct cache: what Python reads back, and what is left when it does not end well.
import Foundation
import Testing

@Suite struct CacheCommandTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    @Test(.enabled(if: Program.hasPython, "needs the Python environment that set-up makes"))
    func safetensorsHoldNamesAxesAndZerosBehindTheEnd() throws {
        let tokens = try program.write("[[1, 2, 3, 4, 5, 6], [7, 8, 9], [10, 11, 12, 13]]", to: "t.json")
        let finished = try program.run(
            "cache",
            "--model",
            Program.fixture("gpt-neox-parallel"),
            "--tokens",
            tokens,
            "--batch-size",
            "2",
            "--names",
            "blocks.*.attn.hook_pattern",
            "--names",
            "logits",
            "--names",
            "blocks.1.hook_resid_post",
            "--names",
            "blocks.0.attn.hook_attn_scores",
            "--output",
            "acts.safetensors"
        )
        #expect(finished.status == 0)
        #expect(finished.errors == "acts.safetensors: 5 sites of 3 prompts\n")
        let check = try program.python(
            """
            import numpy as np
            from safetensors.numpy import load_file
            acts = load_file("acts.safetensors")
            assert sorted(acts) == ["blocks.0.attn.hook_attn_scores", "blocks.0.attn.hook_pattern",
                "blocks.1.attn.hook_pattern", "blocks.1.hook_resid_post", "lengths", "logits", "tokens"], sorted(acts)
            assert acts["tokens"].tolist() == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 0, 0, 0], [10, 11, 12, 13, 0, 0]]
            assert acts["lengths"].tolist() == [6, 3, 4]
            pattern = acts["blocks.1.attn.hook_pattern"]
            assert pattern.shape == (3, 5, 6, 6) and pattern.dtype == np.float32
            for prompt, length in enumerate([6, 3, 4]):
                assert np.allclose(pattern[prompt, :, :length].sum(-1), 1, atol=1e-6)
                assert not pattern[prompt, :, length:].any() and not pattern[prompt, :, :, length:].any()
                assert not acts["logits"][prompt, length:].any()
                assert not acts["blocks.1.hook_resid_post"][prompt, length:].any()
            scores = acts["blocks.0.attn.hook_attn_scores"]
            assert np.isneginf(scores[0, 0, 0, 1:]).all() and np.isfinite(scores[0, 0, 5]).all()
            assert acts["logits"].shape == (3, 6, 61) and np.abs(acts["logits"][0]).min() > 0
            """
        )
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test(.enabled(if: Program.hasPython, "needs the Python environment that set-up makes"))
    func npyHoldsOneSite() throws {
        let finished = try program.run(
            "cache",
            "--n-prompts",
            "5",
            "--names",
            "blocks.1.attn.hook_z",
            "--output",
            "z.npy",
            "--quiet"
        )
        #expect(finished.status == 0 && finished.errors.isEmpty)
        let check = try program.python(
            "import numpy as np; z = np.load('z.npy'); assert z.shape == (5, 51, 4, 16) and z.dtype == np.float32, z.shape"
        )
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test(arguments: [
        (["--names", "logits", "--output", "x.txt"], "x.txt: the name must end in .safetensors or .npy."),
        (
            ["--names", "blocks.*.attn.hook_z", "--output", "x.npy"],
            "x.npy: a .npy file holds one array, 2 sites were asked for; name one site or use .safetensors."
        ),
        (
            ["--names", "logits", "--output", "x.npy", "--dtype", "bfloat16"],
            "NumPy has no bfloat16; use --dtype float32 or a .safetensors file."
        ),
    ])
    func whatCannotBeWrittenIsSaid(arguments: [String], message: String) throws {
        let all = ["cache", "--n-prompts", "2"] + arguments
        let finished = try program.shell("$INDUCT " + all.map { "'\($0)'" }.joined(separator: " "))
        #expect(finished.status == 1)
        #expect(finished.errors.hasSuffix(message + "\n"), "\(finished.errors)")
        #expect(try program.contents.isEmpty)
    }

    @Test func anInterruptionLeavesNothing() throws {
        let process = try program.start(
            "cache",
            "--n-prompts",
            "3000",
            "--names",
            "*",
            "--batch-size",
            "1",
            "--output",
            "acts.safetensors"
        )
        // Under way as soon as the temporary file is there.
        let limit = Date() + 60
        while try program.contents.isEmpty, Date() < limit { usleep(20_000) }
        #expect(try program.contents.count == 1)
        process.interrupt()
        while process.isRunning, Date() < limit { usleep(20_000) }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try program.contents.isEmpty)
    }

    @Test func aFileThatMayNotGrowLeavesNothing() throws {
        let finished = try program.shell(
            "ulimit -f 16; exec $INDUCT cache --n-prompts 200 --names '*' --output acts.safetensors"
        )
        #expect(finished.status == 1)
        #expect(finished.errors.contains("acts.safetensors"))
        #expect(try program.contents.isEmpty)
    }
}
