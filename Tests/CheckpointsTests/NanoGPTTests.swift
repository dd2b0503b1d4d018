import Foundation
import JSON
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite struct NanoGPTTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func error(_ body: () throws -> Void) -> String? { message(in: directory, body) }

    private func write(_ parts: (String, [UInt8])...) throws -> URL {
        let pickle = Array("}(".utf8) + parts.flatMap { Opcodes.text($0.0) + $0.1 } + Array("u".utf8)
        return try directory.write("ckpt.pt", Archive(pickle: Opcodes.pickle(pickle)).bytes)
    }

    @Test(arguments: [("nanogpt/out-tiny", true), ("nanogpt-plain", false)])
    func checkpoints(name: String, bias: Bool) throws {
        for url in [fixture(name), fixture(name).appending(path: "ckpt.pt")] {
            let files = try ModelFiles(url)
            let fields = try files.config.fields().map { "\($0.name) \($0.field.summary)" }
            #expect(
                fields == [
                    #"model_type "nanogpt""#, "n_layer 2", "n_head 2", "n_embd 8", "block_size 6",
                    "bias \(bias)",
                    "vocab_size 18", "dropout 0.1",
                ]
            )
            #expect(files.config.source == fixture(name).path + "/ckpt.pt: model_args")
            let reference = try SafetensorsFile(fixture(name).appending(path: "expected.safetensors"))
            #expect(Set(files.weights.names) == Set(reference.names))
            for name in reference.names {
                let stored = try reference.tensor(named: name)
                let wanted = stored.withUnsafeBytes(Array.init)
                let found = try files.weights.tensor(named: name)
                #expect(found.shape == stored.shape && found.isContiguous)
                #expect(found.withUnsafeBytes(Array.init) == wanted, "\(name)")
            }
            // 2 blocks of 12 d² and gains (and biases), the last norm, 18 tokens, 6 positions; the head is the
            // embedding.
            let width = 8
            let block = 12 * width * width + (bias ? 13 : 2) * width
            #expect(files.weights.parameterCount == 2 * block + (bias ? 2 : 1) * width + 24 * width)
            let meta = try #require(files.meta)
            let vocabulary = try CharacterMeta(meta).characters
            #expect(vocabulary.count == 18 && vocabulary.prefix(2) == ["\n", " "] && vocabulary.last == "é")
        }
    }

    @Test func metaIsFoundWhereNanoGPTPutsIt() throws {
        let checkpoint = fixture("nanogpt/out-tiny/ckpt.pt")
        #expect(
            CharacterMeta.url(beside: checkpoint, dataset: "tiny_char")?.path
                == fixture("nanogpt/data/tiny_char/meta.pkl").path
        )
        for dataset in [nil, "", "..", "../data/tiny_char", "none", "/tiny_char"] {
            #expect(CharacterMeta.url(beside: checkpoint, dataset: dataset) == nil)
        }
    }

    @Test func wrongArguments() throws {
        let model = Opcodes.dictionary(("a", Opcodes.tensor()))
        let cases: [(String, [UInt8], String)] = [
            ("a list", Array("]".utf8), "model_args: expected a dictionary, found a list of 0 values. "),
            (
                "a tensor", Opcodes.dictionary(("n_layer", Opcodes.tensor())),
                "model_args.n_layer: expected a number of ordinary size, a text, true, false or None, found a tensor. "
            ),
            (
                "a large number", Opcodes.dictionary(("n_layer", [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
                "model_args.n_layer: expected a number of ordinary size, a text, true, false or None, "
                    + "found a whole number beyond 64 bits. "
            ),
            (
                "NaN", Opcodes.dictionary(("dropout", [0x47, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0])),
                "model_args.dropout: expected a number of ordinary size, a text, true, false or None, found nan. "
            ),
        ]
        for (name, arguments, expected) in cases {
            let url = try write(("model", model), ("model_args", arguments))
            #expect(
                error { _ = try ModelFiles(url) }
                    == "ckpt.pt: a/data.pkl: " + expected
                    + "The file was not written for this, or is damaged: save it again.",
                "\(name)"
            )
        }
        let zero = try ModelFiles(
            write(("model", model), ("model_args", Opcodes.dictionary(("n_head", Opcodes.int(0)))))
        )
        #expect(
            error { _ = try zero.config.require("n_head").int(min: 1) }
                == "ckpt.pt: model_args: n_head: expected a whole number of at least 1, found 0. Correct the file, or "
                + "download or write it again."
        )
        let named = try ModelFiles(
            write(("model", model), ("model_args", Opcodes.dictionary(("model_type", Opcodes.text("x")))))
        )
        #expect(try named.config.require("model_type").string() == "nanogpt")
    }

    @Test func otherDictionaries() throws {
        #expect(
            error { _ = try ModelFiles(write(("weights", Opcodes.none), ("epoch", Opcodes.int(3)))) }
                == #"ckpt.pt: expected a state dict of tensors, or nanoGPT's dictionary with model and model_args, "#
                + #"found a dictionary without tensors, with "weights", "epoch"; save model.state_dict() with "#
                + "torch.save."
        )
        let number = try directory.write("ckpt.pt", Archive(pickle: Opcodes.pickle(Opcodes.int(7))).bytes)
        #expect(
            error { _ = try ModelFiles(number) }
                == "ckpt.pt: expected a state dict of tensors, or nanoGPT's dictionary with model and model_args, "
                + "found 7; save model.state_dict() with torch.save."
        )
        let twice = Opcodes.dictionary(("_orig_mod.a", Opcodes.tensor()), ("a", Opcodes.tensor()))
        #expect(
            error { _ = try ModelFiles(write(("model", twice), ("model_args", Opcodes.dictionary()))) }
                == "ckpt.pt: tensor \"a\": key: expected one tensor, found one with and one without _orig_mod.. The "
                + "file is damaged or was not written by torch.save: download or save it again."
        )
    }

    @Test(arguments: [
        ("stoi", "stoi: expected a value, found no such key. "),
        ("itos", "itos: expected a value, found no such key. "),
    ])
    func metaWithoutAPart(part: String, expected: String) throws {
        let other = part == "stoi" ? "itos" : "stoi"
        let url = try directory.write(
            "meta.pkl",
            Opcodes.pickle(Opcodes.dictionary((other, Opcodes.dictionary())))
        )
        #expect(error { _ = try CharacterMeta(url) }?.hasPrefix("meta.pkl: " + expected) == true)
    }

    @Test func metaThatContradictsItself() throws {
        func itos(_ pairs: (Int, String)...) -> [UInt8] {
            Array("}(".utf8) + pairs.flatMap { Opcodes.int($0.0) + Opcodes.text($0.1) } + Array("u".utf8)
        }
        func check(_ itos: [UInt8], _ stoi: [UInt8], size: Int = 2, _ expected: String) throws {
            let parts = Opcodes.dictionary(("itos", itos), ("stoi", stoi), ("vocab_size", Opcodes.int(size)))
            let url = try directory.write("meta.pkl", Opcodes.pickle(parts))
            #expect(
                error { _ = try CharacterMeta(url) }
                    == "meta.pkl: \(expected); run nanoGPT's prepare.py again."
            )
        }
        let stoi = Opcodes.dictionary(("a", Opcodes.int(0)), ("b", Opcodes.int(1)))
        try check(itos((0, "a"), (2, "b")), stoi, "itos: expected each id from 0 to 1 once, found 2")
        try check(itos((0, "b"), (1, "a")), stoi, "stoi.a: expected the id that itos gives it, found 0")
        try check(
            itos((0, "a"), (1, "b")),
            Opcodes.dictionary(("a", Opcodes.int(0))),
            "stoi: expected 2 characters, as itos has, found 1"
        )
        try check(itos((0, "a"), (1, "b")), stoi, size: 3, "vocab_size: expected 2, as itos has, found 3")
        try check(
            itos((0, "a"), (1, "b")),
            Opcodes.dictionary(("a", Opcodes.int(0)), ("\n", Opcodes.int(-9))),
            #"stoi["\n"]: expected the id that itos gives it, found -9"#
        )
    }
}
