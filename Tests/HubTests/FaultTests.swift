// A network and servers that fail: what is cut goes on, what is wrong is removed, and nothing goes on for ever.
import FakeHub
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Hub

@Suite struct FaultTests {
    private let weights = FakeModel.tiny().files["model.safetensors"] ?? []
    private let version = FakeModel.tiny().version("model.safetensors")

    /// A storage server that answers its first requests for the weights as told.
    private func bench(_ answers: FakeAnswer...) async throws -> Bench {
        try Bench(
            try await FakeHub(storageFault: { _, count in count < answers.count ? answers[count] : nil })
        )
    }

    private func ranges(_ bench: Bench) -> [String?] { bench.hub.storage.seen.map { $0.header("Range") } }

    /// Whether bytes were asked for from somewhere before a cut on. (The last ones before it may be lost with it.)
    private func goesOn(_ range: String?, before cut: Int) -> Bool {
        guard let first = range.flatMap({ Int($0.dropFirst("bytes=".count).dropLast()) }) else {
            return false
        }
        return 0 < first && first <= cut
    }

    private func expectWhole(_ bench: Bench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let snapshot = try await bench.download()
        #expect(try bench.bytes(snapshot, "model.safetensors") == weights, sourceLocation: sourceLocation)
        #expect(!bench.tree().contains { $0.hasSuffix(".incomplete") }, sourceLocation: sourceLocation)
    }

    private func partial(_ bench: Bench) -> [UInt8]? {
        (try? Data(contentsOf: bench.cache.partial(version, of: bench.id))).map { [UInt8]($0) }
    }

    /// What a failed download leaves must never look whole.
    private func expectNothingWhole(_ bench: Bench, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            sizeOfFile(at: bench.cache.blob(version, of: bench.id)) == nil,
            sourceLocation: sourceLocation
        )
        #expect(bench.cache.snapshot(of: bench.id) == nil, sourceLocation: sourceLocation)
    }

    private func cut(at count: Int) -> FakeAnswer {
        FakeAnswer(200, ["Content-Length": "\(weights.count)"], body: Array(weights[..<count]), ending: .cut)
    }

    @Test func aCutIsGoneOnWith() async throws {
        let bench = try await bench(cut(at: 40_000))
        try await expectWhole(bench)
        #expect(ranges(bench).count == 2 && goesOn(ranges(bench)[1], before: 40_000))
    }

    @Test func anEarlierProcessIsGoneOnWith() async throws {
        let bench = try await bench()
        try bench.cache.prepare(for: bench.id)
        try Data(weights[..<12_345]).write(to: bench.cache.partial(version, of: bench.id))
        try await expectWhole(bench)
        #expect(ranges(bench) == ["bytes=12345-"])
    }

    @Test func aWholePartialNeedsNoRequest() async throws {
        let bench = try await bench()
        try bench.cache.prepare(for: bench.id)
        try Data(weights).write(to: bench.cache.partial(version, of: bench.id))
        try await expectWhole(bench)
        #expect(ranges(bench).isEmpty)
    }

    @Test func aPartialThatIsTooLongIsBegunAnew() async throws {
        let bench = try await bench()
        try bench.cache.prepare(for: bench.id)
        try Data(weights + [1]).write(to: bench.cache.partial(version, of: bench.id))
        try await expectWhole(bench)
        #expect(ranges(bench) == [nil])
    }

    @Test func aBlobOfAnotherSizeIsReplaced() async throws {
        let bench = try await bench()
        try bench.cache.prepare(for: bench.id)
        try Data(weights[..<99]).write(to: bench.cache.blob(version, of: bench.id))
        try await expectWhole(bench)
    }

    @Test func aServerWithoutRangesSendsTheWholeAgain() async throws {
        let bench = try await bench(cut(at: 40_000), FakeAnswer(200, body: weights))
        try await expectWhole(bench)
        #expect(ranges(bench).count == 2 && goesOn(ranges(bench)[1], before: 40_000))
    }

    @Test(arguments: [
        FakeAnswer(416), FakeAnswer(206, ["Content-Range": "bytes 10-99999/100000"], body: [1, 2, 3]),
        FakeAnswer(206, ["Content-Range": "bytes 5000-99999/70000"], body: [1, 2, 3]),
        FakeAnswer(206, ["Content-Range": "nonsense"], body: [1, 2, 3]), FakeAnswer(206, body: [1, 2, 3]),
    ])
    func aRangeThatLiesIsBegunAnew(answer: FakeAnswer) async throws {
        let bench = try await bench(cut(at: 40_000), answer)
        try await expectWhole(bench)
        #expect(
            ranges(bench).count == 3 && goesOn(ranges(bench)[1], before: 40_000) && ranges(bench)[2] == nil
        )
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func trouble(status: Int) async throws {
        try await expectWhole(try await bench(FakeAnswer(status), FakeAnswer(status, ["Retry-After": "900"])))
    }

    @Test func anExpiredAddressIsAskedForAnew() async throws {
        let bench = try await bench(FakeAnswer(403))
        try await expectWhole(bench)
        #expect(bench.hub.count("GET", "resolve/\(bench.hub.model.commit)/model.safetensors") == 2)
    }

    @Test func aServerThatFallsSilentIsLeft() async throws {
        let silent = FakeAnswer(
            200,
            ["Content-Length": "\(weights.count)"],
            body: Array(weights[..<10_000]),
            ending: .silence
        )
        let bench = try await bench(silent)
        try await expectWhole(bench)
        #expect(ranges(bench) == [nil, "bytes=10000-"])
    }

    @Test func aServerThatAlwaysCutsIsGivenUp() async throws {
        let bench = try Bench(
            try await FakeHub(storageFault: { [weights] _, _ in
                FakeAnswer(200, ["Content-Length": "100000"], body: Array(weights[..<5000]), ending: .cut)
            })
        )
        #expect(
            await bench.failure() as? HubError
                == .unreachable(host: "127.0.0.1", reason: "it cut the connection")
        )
        #expect(ranges(bench).count == quickTiming().attempts)
        #expect(partial(bench) == Array(weights[..<5000]))
        expectNothingWhole(bench)
    }

    @Test func otherBytesAreRemoved() async throws {
        var other = weights
        other[77] ^= 1
        let bench = try await bench(FakeAnswer(200, body: other))
        let error = try #require(await bench.failure() as? HubError)
        #expect(
            error.description.hasPrefix(
                "\"model.safetensors\" arrived damaged: expected SHA-256 \(version), found "
            )
        )
        #expect(partial(bench) == nil)
        expectNothingWhole(bench)
        try await expectWhole(bench)
    }

    @Test func aSmallFileIsCheckedByItsGitHash() async throws {
        let bench = try Bench(
            try await FakeHub(hubFault: { request, _ in
                let isConfig = request.method == "GET" && request.uri.hasSuffix("/config.json")
                return isConfig ? FakeAnswer(200, body: Array(#"{"model_type": "gpt3"}"#.utf8)) : nil
            })
        )
        guard case .corrupt("config.json", let expected, _) = await bench.failure() as? HubError else {
            return #expect(Bool(false), "not noticed")
        }
        let version = bench.hub.model.version("config.json")
        #expect(expected == "git hash " + version)
        #expect(!bench.tree().contains { $0.contains("config.json") || $0.contains("blobs/" + version) })
    }

    @Test(arguments: [99_999, 100_001])
    func anotherSizeIsRefused(size: Int) async throws {
        let bench = try await bench(FakeAnswer(200, body: [UInt8](repeating: 1, count: size)))
        #expect(
            await bench.failure() as? HubError
                == .corrupt(file: "model.safetensors", expected: "100000 bytes", found: "\(size)")
        )
        #expect(partial(bench) == nil)
        expectNothingWhole(bench)
    }

    @Test func aBodyWithoutEndIsLeft() async throws {
        let bench = try await bench(FakeAnswer(200, body: weights, ending: .endless))
        #expect(
            await bench.failure() as? HubError
                == .corrupt(file: "model.safetensors", expected: "100000 bytes", found: "more")
        )
        expectNothingWhole(bench)
    }

    @Test func aListWithoutEndIsLeft() async throws {
        let bench = try Bench(
            try await FakeHub(hubFault: { _, _ in FakeAnswer(200, body: [0x5b], ending: .endless) })
        )
        #expect(
            await bench.failure() as? HubError
                == .badAnswer(
                    host: "127.0.0.1",
                    what: "the list of files of owner/tiny",
                    problem: "more than 16777216 bytes"
                )
        )
        #expect(bench.tree().isEmpty)
    }

    @Test func hugeHeadersAreRefused() async throws {
        let bench = try Bench(
            try await FakeHub(hubFault: { _, _ in
                FakeAnswer(200, ["X-Long": String(repeating: "x", count: 1 << 20)])
            })
        )
        #expect(
            await bench.failure() as? HubError
                == .badAnswer(
                    host: "127.0.0.1",
                    what: "a request",
                    problem: "more headers than any hub sends"
                )
        )
    }

    @Test func aCancelledDownloadEnds() async throws {
        let hub = try await FakeHub(storageFault: { _, _ in
            FakeAnswer(200, ["Content-Length": "100000"], body: [1], ending: .silence)
        })
        let bench = try Bench(hub)
        var timing = quickTiming()
        timing.silence = .seconds(20)
        let (client, id) = (HubClient(settings: bench.settings, timing: timing), bench.id)
        let task = Task { try await client.download(id) }
        while hub.storage.seen.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        expectNothingWhole(bench)
    }
}
