// Whole downloads from a hub that behaves.
import FakeHub
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Hub

/// Impatient, so that tests are quick.
func quickTiming() -> HubTiming {
    var timing = HubTiming()
    timing.connect = .seconds(5)
    timing.silence = .seconds(2)
    timing.attempts = 4
    timing.firstWait = .milliseconds(5)
    timing.longestWait = .milliseconds(20)
    timing.longestRetryAfter = .milliseconds(50)
    return timing
}

/// A cache in a directory of its own, and a client of a hub.
struct Bench {
    let directory: TestDirectory
    let hub: FakeHub
    var settings: HubSettings
    let id: HubModelID

    init(_ hub: FakeHub, token: String? = nil) throws {
        directory = try TestDirectory()
        self.hub = hub
        settings = HubSettings(
            cache: directory("hub"),
            endpoint: try HubEndpoint(hub.hub.address),
            token: try token.flatMap { text throws(HubError) in try HubToken(text, source: "test") }
        )
        id = try HubModelID(hub.model.id)
    }

    var cache: HubCache { HubCache(settings.cache) }
    var client: HubClient { HubClient(settings: settings, timing: quickTiming()) }

    func download(_ revision: String = "main", include: [String] = []) async throws -> HubSnapshot {
        try await client.download(id, revision: revision, include: include)
    }

    /// The error of a download that must fail.
    func failure(_ revision: String = "main", include: [String] = []) async -> (any Error)? {
        do {
            _ = try await download(revision, include: include)
            return nil
        } catch {
            return error
        }
    }

    /// Everything under the cache, links as `name -> target`.
    func tree() -> [String] {
        let files = FileManager.default
        let paths = files.enumerator(atPath: settings.cache.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().map { path in
            let full = settings.cache.appending(path: path).path
            guard let target = try? files.destinationOfSymbolicLink(atPath: full) else { return path }
            return "\(path) -> \(target)"
        }
    }

    func bytes(_ snapshot: HubSnapshot, _ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: snapshot.directory.appending(path: name)))
    }
}

@Suite struct HubClientTests {
    @Test func bringsWhatIsNeededToLoad() async throws {
        let bench = try Bench(try await FakeHub())
        let snapshot = try await bench.download()
        let model = bench.hub.model
        #expect(snapshot.files.map(\.name) == ["config.json", "model.safetensors", "tokenizer.json"])
        for file in snapshot.files { #expect(try bench.bytes(snapshot, file.name) == model.files[file.name]) }
        #expect(snapshot.missing.isEmpty)
        #expect(bench.cache.snapshot(of: bench.id) == snapshot)
        #expect(bench.cache.snapshot(of: bench.id, revision: model.commit) == snapshot)
        #expect(bench.cache.models == [bench.id])
    }

    @Test func asksForNothingThatIsThere() async throws {
        let bench = try Bench(try await FakeHub())
        let first = try await bench.download()
        let asked = bench.hub.hub.seen.count + bench.hub.storage.seen.count
        #expect(try await bench.download() == first)
        // Only what `main` is.
        #expect(bench.hub.hub.seen.count + bench.hub.storage.seen.count == asked + 1)
    }

    @Test func aNewVersionSharesWhatDidNotChange() async throws {
        let bench = try Bench(try await FakeHub())
        let old = try await bench.download()
        var model = bench.hub.model
        model.commit = "89abcdef0123456789abcdef0123456789abcdef"
        model.files["config.json"] = Array("{}".utf8)
        bench.hub.publish(model)
        let new = try await bench.download()
        #expect(new.commit == model.commit)
        #expect(try bench.bytes(new, "config.json") == Array("{}".utf8))
        #expect(try bench.bytes(old, "config.json") == FakeModel.tiny().files["config.json"])
        #expect(bench.hub.count("GET", "/model.safetensors") == 2, "hub and storage, once")
        #expect(bench.cache.snapshot(of: bench.id)?.commit == new.commit)
    }

    @Test func patternsReplaceTheChoice() async throws {
        let bench = try Bench(try await FakeHub())
        let snapshot = try await bench.download(include: ["*.onnx", "README*"])
        #expect(snapshot.files.map(\.name) == ["README.md", "onnx/model.onnx"])
        let link = snapshot.directory.appending(path: "onnx/model.onnx").path
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
        #expect(target == "../../../blobs/" + bench.hub.model.version("onnx/model.onnx"))
        #expect(snapshot.missing == ["config.json", "model.safetensors"])
        let error = await bench.failure(include: ["*.gguf"]) as? HubError
        #expect(
            error?.description == """
                owner/tiny has no file like "*.gguf"; it has README.md, config.json, model.safetensors, \
                onnx/model.onnx, tokenizer.json.
                """
        )
    }

    @Test func shardsAreThoseOfTheIndex() async throws {
        var model = FakeModel.tiny()
        let weights = model.files["model.safetensors"] ?? []
        model.files["model.safetensors"] = nil
        let index = #"{"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}"#
        model.files["model.safetensors.index.json"] = Array(index.utf8)
        model.files["model-1-of-2.safetensors"] = Array(weights[..<70_000])
        model.files["model-2-of-2.safetensors"] = Array(weights[70_000...])
        model.files["model-3-of-3.safetensors"] = [7]
        model.files["pytorch_model.bin"] = [8]
        let bench = try Bench(try await FakeHub(model))
        let names = try await bench.download().files.map(\.name)
        #expect(
            names == [
                "config.json", "model-1-of-2.safetensors", "model-2-of-2.safetensors",
                "model.safetensors.index.json",
                "tokenizer.json",
            ]
        )
        try FileManager.default.removeItem(
            at: bench.cache.blob(model.version("model-2-of-2.safetensors"), of: bench.id)
        )
        #expect(bench.cache.snapshot(of: bench.id)?.missing == ["model-2-of-2.safetensors"])
        #expect(try await bench.download().missing.isEmpty)
    }

    @Test func aModelThatCannotBeLoadedIsRefusedBeforeTheDownload() async throws {
        var model = FakeModel.tiny()
        model.files["model.safetensors"] = nil
        let bench = try Bench(try await FakeHub(model))
        #expect(
            await bench.failure() as? HubError
                == .notLoadable(id: bench.id, problem: "has no weights as safetensors or PyTorch files")
        )
        #expect(bench.tree().isEmpty)
    }

    @Test func progressGrowsToTheWhole() async throws {
        let bench = try Bench(try await FakeHub())
        let reports = Mutex<[HubProgress]>([])
        let snapshot = try await bench.client.download(bench.id) { report in
            reports.withLock { $0.append(report) }
        }
        let all = reports.withLock { $0 }
        let size = snapshot.files.reduce(0) { $0 + $1.size }
        #expect(all.last == HubProgress(done: size, total: size))
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.done <= $1.done })
        #expect(all.count > 3)
    }

    @Test func equalContentsAreOneBlob() async throws {
        var model = FakeModel.tiny()
        model.files["vocab.json"] = model.files["tokenizer.json"]
        let bench = try Bench(try await FakeHub(model))
        let snapshot = try await bench.download()
        #expect(snapshot.files.count == 4)
        #expect(bench.hub.count("GET", "/vocab.json") + bench.hub.count("GET", "/tokenizer.json") == 1)
    }

    @Test func twoDownloadsAtTheSameTimeBringEachFileOnce() async throws {
        let bench = try Bench(try await FakeHub(.tiny(size: 3_000_000)))
        let (client, id) = (bench.client, bench.id)
        async let first = client.download(id)
        async let second = client.download(id)
        #expect(try await first == second)
        #expect(bench.hub.storage.seen.count == 1)
    }
}
