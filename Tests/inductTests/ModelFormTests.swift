// induct scan and tokenize on models in every form that users have them in.
import FakeHub
import Foundation
import Testing

@Suite struct ModelFormTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    /// The head that a scan ranks first, and the model's name.
    private func best(of model: String, _ environment: String = "") throws -> (name: String, score: Double) {
        let finished = try program.shell(
            "\(environment) $INDUCT scan --model \(model) --n-prompts 4 --length 20 --json"
        )
        #expect(finished.errors.isEmpty)
        let result = try object(finished.output)
        let heads = try #require(result["heads"] as? [[String: Any]])
        let induction = try #require(heads.first?["induction"] as? [String: Any])
        return (
            try #require(result["model"] as? String), try #require(induction["mean"] as? Double)
        )
    }

    @Test func aDirectoryOrItsWeights() throws {
        let directory = Program.fixture("llama-llama3")
        let whole = try best(of: directory)
        #expect(whole.name == "llama-llama3")
        let file = try best(of: directory + "/model.safetensors")
        #expect(file.name == whole.name && file.score == whole.score)
    }

    @Test func nanoGPTsCheckpointWithItsCharacters() throws {
        let root = program.directory
        for path in ["out-char", "data/shakespeare_char"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: path),
                withIntermediateDirectories: true
            )
        }
        try FileManager.default.copyItem(
            atPath: Program.fixture("nanogpt-biasless") + "/ckpt.pt",
            toPath: root.path + "/out-char/ckpt.pt"
        )
        let plain = try best(of: "out-char/ckpt.pt")
        #expect(plain.name == "out-char")

        // As nanoGPT's prepare.py writes it: 61 characters from the space on.
        let meta = try program.shell(
            """
            \(Program.root.path)/.deps/venv/bin/python -c '
            import pickle
            chars = [chr(32 + i) for i in range(61)]
            meta = {"vocab_size": 61, "itos": dict(enumerate(chars)), "stoi": {c: i for i, c in enumerate(chars)}}
            pickle.dump(meta, open("data/shakespeare_char/meta.pkl", "wb"))'
            """
        )
        #expect(meta.status == 0, "\(meta.errors)")
        let text = try program.write("AB A\n", to: "text.txt")
        let tokens = try program.run("tokenize", "--model", "out-char/ckpt.pt", "--text", text)
        #expect(tokens.output == "33:A|34:B|0:\u{2423}|33:A\n" || tokens.output == "33:A|34:B|0: |33:A\n")
    }

    @Test func anIDOnTheHub() async throws {
        var model = FakeModel()
        let fixture = Program.fixture("qwen3")
        for name in ["config.json", "model.safetensors"] {
            model.files[name] = Array(try Data(contentsOf: URL(filePath: "\(fixture)/\(name)")))
        }
        model.large = ["model.safetensors"]
        let hub = try await FakeHub(model)
        let environment = "HF_HUB_OFFLINE= HF_ENDPOINT=\(hub.hub.address)"
        let local = try best(of: fixture)
        let fetched = try best(of: "owner/tiny", environment)
        #expect(fetched.name == "owner/tiny" && fetched.score == local.score)
        // The second time the cache serves, without a question.
        let asked = hub.hub.seen.count
        #expect(try best(of: "owner/tiny", environment).score == local.score)
        #expect(try best(of: "owner/tiny").score == local.score)
        #expect(hub.hub.seen.count == asked)
        let models = try object(program.run("models", "--json").output)["models"] as? [[String: Any]]
        let cached = try #require(models?.first { $0["place"] as? String == "cached" })
        #expect(cached["name"] as? String == "owner/tiny" && cached["layers"] as? Int == 2)
        let size = (model.files["model.safetensors"]?.count ?? 0) + (model.files["config.json"]?.count ?? 0)
        #expect(cached["bytes"] as? Int == size)
    }

    @Test func oneBlockInMemoryAtATime() throws {
        let model = Program.fixture("gemma3")
        #expect(try best(of: model).score == best(of: model + " --memory-saver").score)
        #expect(try best(of: model).score == best(of: model + " --memory_saver").score)
    }
}
