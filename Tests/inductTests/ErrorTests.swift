// Bad input: one paragraph that names the file and the remedy, exit code 1 or 2, nothing left behind.
import Foundation
import Testing

@Suite struct ErrorTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    /// Runs a scan that must fail, and gives its message.
    private func failure(_ arguments: String, status: Int32 = 1) throws -> String {
        let before = try program.contents
        let finished = try program.shell("$INDUCT scan --json \(arguments)")
        #expect(finished.status == status)
        #expect(finished.output.isEmpty)
        #expect(try program.contents == before)
        return finished.errors
    }

    @Test func anUnknownModel() throws {
        #expect(
            try failure("--model gpt5") == """
                error: there is no model 'gpt5': no bundled model has this name, no directory or file, no known model \
                ('induct models' lists them). Did you mean gpt2, or gptj? Give a path, or an id of the hub like \
                EleutherAI/pythia-70m.\n
                """
        )
        #expect(
            try failure("--model EleutherAI/pythia-70m") == """
                error: EleutherAI/pythia-70m (main) is not whole in the cache: config.json, model.safetensors missing, \
                and HF_HUB_OFFLINE forbids downloads. Unset HF_HUB_OFFLINE and run 'induct fetch EleutherAI/pythia-70m', \
                or copy the cache from a machine that has it.\n
                """
        )
    }

    @Test func modelsThatAreNotWhole() throws {
        let files = FileManager.default
        let model = program.directory.appending(path: "model")
        try files.createDirectory(at: model, withIntermediateDirectories: true)
        #expect(try failure("--model model").contains("/model has no config.json; name a directory"))
        try files.copyItem(
            atPath: Program.fixture("gpt2") + "/config.json",
            toPath: model.appending(path: "config.json").path
        )
        #expect(
            try failure("--model model").contains(
                "/model has none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, "
                    + "pytorch_model.bin.index.json; download the model again"
            )
        )
        let whole = try Data(contentsOf: URL(filePath: Program.fixture("gpt2") + "/model.safetensors"))
        let weights = model.appending(path: "model.safetensors")
        for part in [0, 5, 1000, whole.count / 2, whole.count - 1] {
            try whole.prefix(part).write(to: weights)
            let message = try failure("--model model")
            #expect(message.hasPrefix("error: ") && message.contains("model.safetensors"), "\(message)")
            #expect(message.contains("again"), "\(message)")
        }
        try whole.write(to: weights)
        _ = try program.write("{\"model_type\": \"gpt2\"", to: "model/config.json")
        #expect(try failure("--model model").contains("config.json: line 1, column 22:"))
        _ = try program.write(#"{"model_type": "rwkv"}"#, to: "model/config.json")
        #expect(
            try failure("--model model").hasSuffix(
                """
                /config.json: model_type is "rwkv"; known here are: gpt2, gpt_neo, gptj, gpt_neox, opt, phi, llama, mistral, \
                qwen2, qwen3, olmo2, gemma, gemma2, gemma3_text, gemma3, nanogpt, induct.\n
                """
            )
        )
        _ = try program.write(#"{"model_type": "gpt2", "n_embd": 35, "n_head": 0}"#, to: "model/config.json")
        #expect(
            try failure("--model model").contains("config.json: n_head: expected a whole number from 1 to")
        )
        _ = try program.write(#"{"model_type": "gpt2", "n_embd": 35, "n_head": 4}"#, to: "model/config.json")
        #expect(
            try failure("--model model").contains(
                "config.json: n_head: expected a divisor of the width 35, found 4."
            )
        )
        let wide = try String(contentsOfFile: Program.fixture("gpt2") + "/config.json", encoding: .utf8)
            .replacing("\"vocab_size\": 61", with: "\"vocab_size\": 62")
        _ = try program.write(wide, to: "model/config.json")
        #expect(
            try failure("--model model").hasSuffix(
                """
                model.safetensors: tensor transformer.wte.weight has shape [61, 35], the config asks for [62, 35]; the \
                two do not belong together.\n
                """
            )
        )
    }

    @Test(arguments: [
        ("[[1, 2, 999]]", "prompt 0, position 2: token id 999 is outside the vocabulary"),
        ("[]", "tokens.json holds no prompts; give at least one."),
        ("[[1], []]", "prompt 1 is empty; every prompt needs at least one token."),
        ("[[1, -2]]", "tokens.json: [0][1]: expected a whole number of at least 0, found -2"),
        ("[[1, 2.5]]", "tokens.json: [0][1]: expected a whole number of at least 0, found 2.5"),
        ("{\"tokens\": 1}", "tokens.json: expected an array, found an object with 1 field"),
        ("[[1, 2", "tokens.json: line 1, column 7:"),
        ("", "tokens.json: line 1, column 1:"),
    ])
    func tokensThatAreWrong(text: String, message: String) throws {
        let file = try program.write(text, to: "tokens.json")
        #expect(try failure("--tokens \(file)").contains(message))
    }

    @Test func promptsThatAreTooLong() throws {
        let ids = "[[" + Array(repeating: "1", count: 257).joined(separator: ", ") + "]]"
        let file = try program.write(ids, to: "tokens.json")
        #expect(
            try failure("--tokens \(file)") == """
                error: prompt 0 has 257 tokens, the model's context is 256; shorten the prompt or use a model with a \
                longer context.\n
                """
        )
    }

    @Test func filesThatAreNotThere() throws {
        #expect(try failure("--text none.txt").contains("none.txt"))
        #expect(try failure("--prompts .").contains("directory"))
        let binary = program.directory.appending(path: "binary.txt")
        try Data([0xFF, 0xFE, 0x00]).write(to: binary)
        #expect(try failure("--text binary.txt").contains("binary.txt is not UTF-8 text"))
        let empty = try program.write("\n\n", to: "empty.txt")
        #expect(try failure("--text \(empty)").contains("empty.txt holds no prompts; give at least one."))
    }

    @Test func wordsThatTheVocabularyLacks() throws {
        let file = try program.write("A B xylophone\n", to: "mine.txt")
        #expect(try failure("--text \(file)").contains("xylophone"))
    }

    @Test func aDirectoryThatCannotBeWritten() throws {
        let file = try program.write("", to: "file")
        let finished = try program.run("scan", "--output", file + "/below")
        #expect(finished.status == 1)
        #expect(finished.errors.hasPrefix("error: "))
        #expect(finished.errors.contains("file"))
        #expect(try program.contents == ["file"])
    }

    @Test(arguments: [
        ("--batch-size 0", "Error: --batch-size must be at least 1."),
        ("--text a --tokens b", "Error: --text and --tokens exclude each other: give one source of prompts."),
        ("--text a --lag 3", "Error: --lag is for prompts that are made; --text names a file of them."),
        ("--tokens a --prepend-bos", "Error: --tokens are used as they are; put BOS into the file"),
        ("--top 0", "Error: --top must be at least 1."),
        ("--score copy", "Error: The value 'copy' is invalid for '--score <score>'."),
        ("--frobnicate", "Error: Unknown option '--frobnicate'"),
    ])
    func commandLinesThatAreWrong(arguments: String, message: String) throws {
        #expect(try failure(arguments, status: 2).hasPrefix(message))
    }

    @Test(arguments: [
        ("--prompts-kind bigram --lag 9", "error: the lag of bigram prompts follows from their length;"),
        (
            "--lag 40",
            "error: lag 40 does not fit repeat prompts of this length, which have room for 2 to 25;"
        ),
        ("--length 2", "error: repeat prompts of 2 tokens: at least 4 are needed."),
        ("--length 300 --lag 100", "error: repeat prompts need 200 different tokens, the vocabulary has"),
        (
            "--model '\(Program.fixture("gpt2"))' --prompts-kind letters",
            "error: letters prompts need letters that are single tokens; this model's vocabulary has 0,"
        ),
    ])
    func recipesThatDoNotFit(arguments: String, message: String) throws {
        #expect(try failure(arguments).hasPrefix(message))
    }
}
