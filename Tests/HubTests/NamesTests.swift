// Ids, settings, tokens and names: what is taken and what is not.
import Files
import Foundation
import TestSupport
import Testing

@testable import Hub

@Suite struct HubModelIDTests {
    @Test(arguments: [
        "gpt2", "foo/bar", "123", "Foo-BAR_foo.bar123", "_a/b_", String(repeating: "a", count: 96),
    ])
    func takes(text: String) throws {
        let id = try HubModelID(text)
        #expect(id.description == text)
        #expect(HubModelID(directoryName: id.directoryName) == id)
    }

    @Test(arguments: [
        "", "/", "a/", "/a", "a/b/c", "datasets/foo/bar", ".repo", "repo.", "-a", "a-", "foo--bar",
        "foo..bar", "foo.git",
        "a b", "caf\u{e9}", "a\nb", "a/..", "../a", "a\\b", "a?b", String(repeating: "a", count: 97),
    ])
    func refuses(text: String) {
        #expect(throws: HubError.invalidID(text)) { try HubModelID(text) }
    }

    @Test func directories() throws {
        #expect(try HubModelID("gpt2").directoryName == "models--gpt2")
        #expect(try HubModelID("EleutherAI/pythia-70m").directoryName == "models--EleutherAI--pythia-70m")
        #expect(HubModelID(directoryName: "datasets--a--b") == nil)
        #expect(HubModelID(directoryName: "models--") == nil)
    }
}

@Suite struct HubSettingsTests {
    private func settings(_ environment: [String: String]) throws -> HubSettings {
        try HubSettings(environment: environment.merging(["HOME": "/home/ada"]) { one, _ in one })
    }

    @Test(arguments: [
        ([:], "/home/ada/.cache/huggingface/hub"), (["XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"),
        (["HF_HOME": "/h", "XDG_CACHE_HOME": "/x"], "/h/hub"), (["HF_HOME": "~/h"], "/home/ada/h/hub"),
        (["HF_HOME": "$DISK/h", "DISK": "/d"], "/d/h/hub"),
        (["HF_HOME": "${DISK}h", "DISK": "/d/"], "/d/h/hub"),
        (["HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/h"], "/old"),
        (["HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"], "/new"),
        (["HF_HUB_CACHE": ""], "/home/ada/.cache/huggingface/hub"),
    ])
    func theCache(environment: [String: String], path: String) throws {
        #expect(try settings(environment).cache.path == path)
    }

    @Test func aRelativeCacheIsInTheWorkingDirectory() throws {
        let path = try settings(["HF_HUB_CACHE": "hub"]).cache.path
        #expect(path == FileManager.default.currentDirectoryPath + "/hub")
    }

    @Test func whetherOffline() throws {
        #expect(try !settings([:]).isOffline)
        #expect(try settings(["HF_HUB_OFFLINE": "1"]).isOffline)
        #expect(try settings(["TRANSFORMERS_OFFLINE": "yes"]).isOffline)
        #expect(try !settings(["HF_HUB_OFFLINE": "0"]).isOffline)
    }

    @Test(arguments: [
        "https://huggingface.co", "https://huggingface.co/", "http://127.0.0.1:8080", "https://m.example/hf",
    ])
    func endpoints(text: String) throws {
        let endpoint = try settings(["HF_ENDPOINT": text]).endpoint
        #expect("\(endpoint)" == (text.hasSuffix("/") ? String(text.dropLast()) : text))
        #expect(try endpoint.url(["a b", "c/d"]).absoluteString == "\(endpoint)/a%20b/c%2Fd")
    }

    @Test(arguments: [
        "huggingface.co", "ftp://x", "https://", "https://u:secret@x", "https://x?q", "https://x#f",
    ])
    func noEndpoints(text: String) {
        let error = #expect(throws: HubError.self) { try settings(["HF_ENDPOINT": text]) }
        #expect(error?.description.hasPrefix("HF_ENDPOINT cannot be used: expected an address like") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func tokens() throws {
        let directory = try TestDirectory()
        _ = try directory.write("token", " hf_file \n")
        _ = try directory.write("other", "hf_other\r\n")
        let home = ["HF_HOME": directory.url.path]
        func authorization(_ more: [String: String]) throws -> String? {
            try settings(home.merging(more) { $1 }).token?.authorization
        }
        #expect(try authorization([:]) == "Bearer hf_file")
        #expect(
            try authorization(["HF_TOKEN": "hf_new", "HUGGING_FACE_HUB_TOKEN": "hf_old"]) == "Bearer hf_new"
        )
        #expect(try authorization(["HUGGING_FACE_HUB_TOKEN": "hf_old"]) == "Bearer hf_old")
        #expect(try authorization(["HF_TOKEN": "\n"]) == "Bearer hf_file")
        #expect(try authorization(["HF_TOKEN_PATH": directory("other").path]) == "Bearer hf_other")
        #expect(try authorization(["HF_TOKEN_PATH": directory("none").path]) == nil)
        #expect(try authorization(["HF_TOKEN": "hf_new", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"]) == nil)
        let error = #expect(throws: HubError.self) { try authorization(["HF_TOKEN": "hf_a b\u{7}secret"]) }
        #expect(
            error?.description
                == "HF_TOKEN cannot be used: a token is letters, digits and '_', without spaces."
        )
    }

    @Test func aTokenDoesNotShowItself() throws {
        let settings = try settings(["HF_TOKEN": "hf_secret"])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("secret"))
    }
}

@Suite struct HubFilesTests {
    @Test func safetensorsComeFirstAndOneFileBeforeSeveral() {
        func weights(_ names: String...) -> HubFiles.Weights? { HubFiles.weights { names.contains($0) } }
        #expect(weights("pytorch_model.bin", "model.safetensors") == .single("model.safetensors"))
        #expect(
            weights("pytorch_model.bin", "model.safetensors.index.json")
                == .indexed("model.safetensors.index.json")
        )
        #expect(weights("pytorch_model.bin.index.json") == .indexed("pytorch_model.bin.index.json"))
        #expect(weights("model.gguf", "tf_model.h5", "flax_model.msgpack") == nil)
    }

    @Test func patternsAreThoseOfTheShell() {
        #expect(HubFiles.matches("a/b.json", ["*.json"]))
        #expect(HubFiles.matches("onnx/model.onnx", ["onnx/"]))
        #expect(HubFiles.matches("model-1.bin", ["model-[0-9].bin"]))
        #expect(!HubFiles.matches("model-x.bin", ["model-[0-9].bin"]))
        #expect(HubFiles.matches(".hidden", ["?hidden"]))
        #expect(!HubFiles.matches("A.json", ["a.json"]))
    }
}
