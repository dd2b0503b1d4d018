// Every site of every family against values recorded with Hugging Face and TransformerLens.
import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch
import Transformers

/// Two right implementations differ by 2e-6 on these models; the tanh form of GELU differs from the exact one by
/// 1.4e-4 in the logits.
private let tolerance = 1e-5

@Suite struct ReferenceTests {
    @Test(arguments: Fixture.all)
    func everySiteMatches(fixture: Fixture) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded("reference")
        #expect(Set(model.sites.map(\.name)) == Set(values.keys))
        let run = try model.run(tokens, recording: model.sites.map { Selector($0) })
        for site in model.sites {
            let expected = try #require(values[site.name])
            let error = relativeError(try run[site], expected)
            #expect(error < tolerance, "\(site): \(error)")
        }
    }

    @Test(arguments: Fixture.all, ["reference-full", "reference-single"])
    func otherLengthsMatch(fixture: Fixture, file: String) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded(file)
        #expect(tokens.length == (file == "reference-full" ? 67 : 1))
        let sites = model.sites.filter { values[$0.name] != nil }
        let run = try model.run(tokens, recording: sites.map { Selector($0) })
        #expect(sites.count == values.count)
        for site in sites {
            let expected = try #require(values[site.name])
            let error = relativeError(try run[site], expected)
            #expect(error < tolerance, "\(site): \(error)")
        }
    }

    @Test(arguments: Fixture.all)
    func fusedAttentionGivesTheSameLogits(fixture: Fixture) throws {
        let model = try fixture.model()
        let (tokens, values) = try fixture.recorded("reference-full")
        let expected = try #require(values["logits"])
        #expect(relativeError(try model.run(tokens).logits, expected) < tolerance)
    }

    @Test func bothSpellingsOfANeoXConfigMeanTheSame() throws {
        let fixture = Fixture(name: "gpt-neox-parallel")
        let directory = try TestDirectory()
        for (source, name) in [("config-v4.json", "config.json"), ("model.safetensors", "model.safetensors")]
        {
            try FileManager.default.copyItem(
                at: fixture.directory.appending(path: source),
                to: directory(name)
            )
        }
        #expect(try Transformer(directory: directory.url).config == fixture.model().config)
    }

    /// OpenAI's own GPT-2 files on the hub have no `transformer.` in front, and carry masks as buffers.
    @Test func weightsWithoutAPrefixLoadToo() throws {
        let fixture = Fixture(name: "gpt2")
        let file = try SafetensorsFile(fixture.directory.appending(path: "model.safetensors"))
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.copyItem(
            at: fixture.directory.appending(path: "config.json"),
            to: directory.appending(path: "config.json")
        )
        func plain(_ name: String) -> String { name.replacing("transformer.", with: "") }
        let stored = try file.names.map { try file.tensor(named: $0) }
        let mask = SafetensorsWriter.Entry("h.0.attn.bias", .uint8, shape: [1, 1, 2, 2])
        let writer = try SafetensorsWriter(
            replacing: directory.appending(path: "model.safetensors"),
            entries: stored.map { .init(plain($0.name), .float32, shape: $0.shape) } + [mask]
        )
        for tensor in stored { try tensor.withUnsafeBytes { try writer.append($0, to: plain(tensor.name)) } }
        try [1, 0, 1, 1 as UInt8].withUnsafeBytes { try writer.append($0, to: mask.name) }
        try writer.finish()
        let tokens = try Tokens([[1, 2, 3]])
        let logits = try Transformer(directory: directory).run(tokens).logits
        #expect(logits.isEqual(to: try fixture.model().run(tokens).logits))
    }
}
