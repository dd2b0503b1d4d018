// The same weights under the other names that files on the hub use.
import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch
import Transformers

@Suite struct TensorNameTests {
    /// OpenAI's own GPT-2 files have no `transformer.` in front, and carry masks as buffers.
    @Test func openAIsGPT2() throws {
        let mask = SafetensorsWriter.Entry("h.0.attn.bias", .uint8, shape: [1, 1, 2, 2])
        try check("gpt2", and: [mask]) { $0.replacing("transformer.", with: "") }
    }

    @Test(arguments: ["llama-llama3", "gemma3", "qwen2"])
    func modelsWithoutAHead(name: String) throws {
        try check(name) { $0.replacing("model.", with: "") }
    }

    /// Models of text and images: transformers 4 and 5 order the words differently.
    @Test(arguments: ["language_model.model.", "model.language_model."])
    func theTextHalfOfALargerModel(prefix: String) throws {
        try check("gemma3", config: { #"{"model_type": "gemma3", "text_config": \#($0)}"# }) {
            $0.replacing("model.", with: prefix)
        }
    }

    /// Runs a fixture whose tensors were renamed against the fixture.
    private func check(
        _ name: String,
        config: (String) -> String = { $0 },
        and extra: [SafetensorsWriter.Entry] = [],
        rename: (String) -> String
    ) throws {
        let fixture = Fixture(name: name)
        let directory = try TestDirectory()
        let settings = try String(
            contentsOf: fixture.directory.appending(path: "config.json"),
            encoding: .utf8
        )
        _ = try directory.write("config.json", config(settings))
        let file = try SafetensorsFile(fixture.directory.appending(path: "model.safetensors"))
        let stored = try file.names.map { try file.tensor(named: $0) }
        let renamed = stored.map { SafetensorsWriter.Entry(rename($0.name), .float32, shape: $0.shape) }
        let writer = try SafetensorsWriter(
            replacing: directory("model.safetensors"),
            entries: renamed + extra
        )
        for tensor in stored { try tensor.withUnsafeBytes { try writer.append($0, to: rename(tensor.name)) } }
        for entry in extra {
            let zeros = [UInt8](repeating: 0, count: entry.shape.reduce(entry.dtype.byteCount, *))
            try zeros.withUnsafeBytes { try writer.append($0, to: entry.name) }
        }
        try writer.finish()
        let tokens = try Tokens([[1, 2, 3]])
        let logits = try Transformer(directory: directory.url).run(tokens).logits
        #expect(logits.isEqual(to: try fixture.model().run(tokens).logits))
    }
}
