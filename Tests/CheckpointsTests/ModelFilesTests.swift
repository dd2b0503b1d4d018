import Foundation
import JSON
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct ModelFilesTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func error(_ body: () throws -> Void) -> String? { message(in: directory, body) }

    @Test(arguments: ["sharded-safetensors", "sharded-bin", "single-bin", "single-bin-bfloat16"])
    func directories(name: String) throws {
        let files = try ModelFiles(fixture(name))
        #expect(try files.config.require("model_type").string() == "gpt2")
        #expect(files.meta == nil)
        try expectTensors(of: files.weights, against: fixture(name))
        #expect(!files.weights.has("transformer.h.9.ln_1.weight"))
    }

    @Test func parametersThatShareBytesCountOnce() throws {
        // 2 blocks of 12 d² + 13 d, the last norm, 11 tokens and 6 positions of width 8; the head is the embedding.
        let count = 2 * (12 * 64 + 13 * 8) + 16 + (11 + 6) * 8
        #expect(try ModelFiles(fixture("sharded-safetensors")).weights.parameterCount == count)
        #expect(try ModelFiles(fixture("single-bin")).weights.parameterCount == count)
        // Two shards cannot share: here the head has been written a second time.
        #expect(try ModelFiles(fixture("sharded-bin")).weights.parameterCount == count + 11 * 8)
    }

    @Test func aFileBesideItsConfig() throws {
        let file = fixture("single-bin/pytorch_model.bin")
        try expectTensors(of: try ModelFiles(file).weights, against: fixture("single-bin"))
        try FileManager.default.copyItem(at: file, to: directory("model.pt"))
        #expect(
            error { _ = try ModelFiles(directory("model.pt")) }
                == "model.pt holds weights without a config, and there is no config.json beside it; put the model's "
                + "config.json into the same directory."
        )
        _ = try directory.write("config.json", #"{"model_type": "gpt2"}"#)
        try expectTensors(of: try ModelFiles(directory("model.pt")).weights, against: fixture("single-bin"))
    }

    @Test func safetensorsWin() throws {
        _ = try directory.write("config.json", "{}")
        _ = try directory.write("pytorch_model.bin", "not looked at")
        _ = try directory.write("model.safetensors.index.json", "not looked at")
        let text = SafetensorsFixture.object(SafetensorsFixture.entry("a", "F32", "[1]", 0, 4))
        _ = try directory.write("model.safetensors", SafetensorsFixture.file(text, data: [0, 0, 0x80, 0x3f]))
        #expect(try ModelFiles(directory.url).weights.names == ["a"])
    }

    @Test func nothingToOpen() throws {
        #expect(
            error { _ = try ModelFiles(directory("no")) }
                == "no cannot be read: there is no such file. Check the path and its spelling."
        )
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "DIR has no config.json; name a directory that Hugging Face's save_pretrained wrote, or nanoGPT's "
                + "ckpt.pt."
        )
        _ = try directory.write("config.json", "{}")
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "DIR has none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, "
                + "pytorch_model.bin.index.json; download the model again, or save it again."
        )
    }

    @Test(arguments: [
        "config.json", "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json",
    ])
    func directoriesAndCirclesInPlaceOfFiles(name: String) throws {
        if name != "config.json" { _ = try directory.write("config.json", "{}") }
        try FileManager.default.createDirectory(at: directory(name), withIntermediateDirectories: false)
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "\(name) cannot be read: it is a directory. Name a file inside it."
        )
        try FileManager.default.removeItem(at: directory(name))
        let link = directory(name).path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: link)
        let circle =
            "\(name) cannot be read: its symbolic links lead round in a circle. "
            + "Correct or remove the links (ls -l shows them)."
        #expect(error { _ = try ModelFiles(directory.url) } == circle)
        #expect(error { _ = try ModelFiles(directory(name)) }?.contains("circle") == true)
    }

    @Test(arguments: [
        (
            "../x.safetensors",
            "expected the plain name of a .safetensors file in the same directory, "
                + #"found "../x.safetensors"; download the file again."#
        ),
        (
            "/etc/x.safetensors",
            "expected the plain name of a .safetensors file in the same directory, "
                + #"found "/etc/x.safetensors"; download the file again."#
        ),
        (
            "..",
            #"expected the plain name of a .safetensors file in the same directory, found ".."; "#
                + "download the file again."
        ),
        (
            "x.bin",
            #"expected the plain name of a .safetensors file in the same directory, found "x.bin"; "#
                + "download the file again."
        ),
        ("x.safetensors", #"there is no "x.safetensors" beside the index; the download is incomplete."#),
        ("there.safetensors", #""there.safetensors" has no such tensor; the files do not belong together."#),
    ])
    func indicesThatLie(shard: String, expected: String) throws {
        _ = try directory.write("config.json", "{}")
        let text = SafetensorsFixture.object(SafetensorsFixture.entry("a", "F32", "[1]", 0, 4))
        _ = try directory.write("there.safetensors", SafetensorsFixture.file(text, data: [0, 0, 0x80, 0x3f]))
        _ = try directory.write(
            "model.safetensors.index.json",
            #"{"weight_map": {"a": "there.safetensors", "b": "\#(shard)"}}"#
        )
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "model.safetensors.index.json: weight_map.b: " + expected
        )
    }

    @Test(arguments: [
        ("{}", "weight_map: expected a value, found no such field. "),
        (#"{"weight_map": ["a"]}"#, "weight_map: expected an object, found an array of 1 value. "),
        (#"{"weight_map": {"a": 1}}"#, "weight_map.a: expected a string, found 1. "),
    ])
    func indicesOfTheWrongForm(text: String, expected: String) throws {
        _ = try directory.write("config.json", "{}")
        _ = try directory.write("pytorch_model.bin.index.json", text)
        #expect(
            error { _ = try ModelFiles(directory.url) }?.hasPrefix(
                "pytorch_model.bin.index.json: " + expected
            ) == true
        )
    }

    @Test func floodsOfShardsAreStopped() throws {
        _ = try directory.write("config.json", "{}")
        for number in 0...1000 {
            let entry = SafetensorsFixture.entry("t\(number)", "U8", "[1]", 0, 1)
            let file = SafetensorsFixture.file(SafetensorsFixture.object(entry), data: [0])
            _ = try directory.write("s\(number).safetensors", file)
        }
        let map = (0...1000).map { "\"t\($0)\": \"s\($0).safetensors\"" }
        _ = try directory.write(
            "model.safetensors.index.json",
            "{\"weight_map\": {\(map.joined(separator: ","))}}"
        )
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "model.safetensors.index.json: weight_map.t1000: expected at most 1000 different files, found "
                + "\"s1000.safetensors\"; download the file again."
        )
        _ = try directory.write(
            "model.safetensors.index.json",
            "{\"weight_map\": {" + String(repeating: "\"a\":{", count: 100_000)
        )
        #expect(
            error { _ = try ModelFiles(directory.url) }
                == "model.safetensors.index.json: line 1, column 331: nested more than 64 deep, which no file of this "
                + "kind is. The file is damaged or is not JSON: correct it, or download or write it again."
        )
    }
}
