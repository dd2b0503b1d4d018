// Hubs that say no, hubs that lie, and no hub at all: what the user is told, and that nothing is written.
import FakeHub
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Hub

@Suite struct RefusalTests {
    /// What is said of a hub that answers everything like this.
    private func message(_ answer: FakeAnswer, token: String? = nil) async throws -> String {
        let bench = try Bench(try await FakeHub(hubFault: { _, _ in answer }), token: token)
        let error = try #require(await bench.failure())
        #expect(bench.tree().isEmpty)
        return "\(error)".replacing(bench.hub.hub.address, with: "HUB")
    }

    @Test func gatedModels() async throws {
        let answer = FakeAnswer(403, ["X-Error-Code": "GatedRepo", "X-Error-Message": "echo hf_abc"])
        #expect(
            try await message(answer) == """
                owner/tiny is for those who have accepted its licence: sign in at HUB/owner/tiny, accept it there, \
                and set HF_TOKEN to a token of that account (made in the account's settings).
                """
        )
        #expect(
            try await message(answer, token: "hf_abc") == """
                owner/tiny is for those who have accepted its licence: sign in at HUB/owner/tiny, accept it there, \
                and check that HF_TOKEN belongs to that account and may read gated models.
                """
        )
        let unsigned = try await message(FakeAnswer(401, ["X-Error-Code": "GatedRepo"]))
        #expect(unsigned == (try await message(answer)))
    }

    @Test func gatedFilesOfAnOpenList() async throws {
        let hub = try await FakeHub(hubFault: { request, _ in
            request.method == "HEAD" ? FakeAnswer(403, ["X-Error-Code": "GatedRepo"]) : nil
        })
        let bench = try Bench(hub)
        guard case .gated = await bench.failure() as? HubError else {
            return #expect(Bool(false), "not noticed")
        }
        #expect(bench.tree().isEmpty)
    }

    @Test func missingModels() async throws {
        let text = """
            the hub shows no model owner/tiny (HUB/owner/tiny). Check the spelling. If it is private, set HF_TOKEN.
            """
        #expect(try await message(FakeAnswer(404, ["X-Error-Code": "RepoNotFound"])) == text)
        #expect(try await message(FakeAnswer(404)) == text)
        #expect(try await message(FakeAnswer(401)) == text)
    }

    @Test func aTokenThatIsNone() async throws {
        let answer = FakeAnswer(401, ["X-Error-Message": "Invalid credentials in Authorization header"])
        #expect(
            try await message(answer, token: "hf_abc") == """
                127.0.0.1 does not know the token. Set HF_TOKEN to a valid one, or remove it (and the token file) for \
                models that are public.
                """
        )
    }

    @Test func missingRevisions() async throws {
        let bench = try Bench(try await FakeHub())
        #expect(await bench.failure("v2") as? HubError == .revisionNotFound(id: bench.id, revision: "v2"))
        for revision in ["", "../main", "/main", "a\\b", "a\u{0}b", "a//b"] {
            #expect(await bench.failure(revision) as? HubError == .invalidRevision(revision))
        }
    }

    @Test func aFileThatIsGone() async throws {
        let hub = try await FakeHub(hubFault: { request, _ in
            request.uri.hasSuffix("/tokenizer.json")
                ? FakeAnswer(404, ["X-Error-Code": "EntryNotFound"]) : nil
        })
        let bench = try Bench(hub)
        #expect(
            await bench.failure() as? HubError
                == .fileNotFound(id: bench.id, commit: hub.model.commit, file: "tokenizer.json")
        )
    }

    @Test func otherRefusalsAreNotTriedAgain() async throws {
        let hub = try await FakeHub(hubFault: { _, _ in FakeAnswer(410) })
        let bench = try Bench(hub)
        #expect(
            await bench.failure() as? HubError
                == .status(host: "127.0.0.1", what: "the list of files of owner/tiny", code: 410)
        )
        #expect(hub.hub.seen.count == 1)
    }

    @Test(arguments: [
        #"{"sha": "../../../../evil", "siblings": []}"#,
        #"{"sha": "0123456789ABCDEF0123456789abcdef01234567", "siblings": []}"#,
        #"{"sha": 1, "siblings": []}"#,
        #"{"siblings": []}"#, "[]", "<html>", "", #"{"sha": "x", "siblings": [{"rfilename": 3}]}"#,
    ])
    func listsThatLie(text: String) async throws {
        #expect(
            try await message(FakeAnswer(200, body: Array(text.utf8))).hasPrefix(
                "127.0.0.1 answered the list"
            )
        )
    }

    @Test func aListThatIsABomb() async throws {
        let text = try await message(
            FakeAnswer(200, body: Array(repeating: UInt8(ascii: "["), count: 1 << 20))
        )
        #expect(text.hasPrefix("127.0.0.1 answered the list"))
    }

    @Test(arguments: [
        "../evil", "a/../../evil", "/etc/evil", "a\\\\b", "a//b", "./a", "a\\u0000b", "a\\nb", "",
    ])
    func namesThatLeadOut(name: String) async throws {
        let commit = FakeModel().commit
        let list = #"{"sha": "\#(commit)", "siblings": [{"rfilename": "\#(name)", "size": 3}]}"#
        let hub = try await FakeHub(hubFault: { request, _ in
            request.uri.contains("/api/") ? FakeAnswer(200, body: Array(list.utf8)) : nil
        })
        let bench = try Bench(hub)
        let error = await bench.failure(include: ["*"]) as? HubError
        guard case .badAnswer(_, _, "a file name that is not a path inside the model") = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(try bench.directory.contents().isEmpty)
    }

    @Test(arguments: [
        (["ETag": "\"../../evil\""], "no version, or one that cannot name a file"),
        (["ETag": "\"\""], "no version, or one that cannot name a file"),
        (["ETag": "a.incomplete"], "no version, or one that cannot name a file"),
        (["ETag": String(repeating: "a", count: 200)], "no version, or one that cannot name a file"),
        (["X-Repo-Commit": "89abcdef0123456789abcdef0123456789abcdef"], "no commit, or another one"),
        (["X-Linked-Size": "5"], "two sizes"), (["X-Linked-Size": "-1", "Content-Length": "9"], "two sizes"),
        (["Content-Length": "9"], "two sizes"),
    ])
    func headsThatLie(headers: [String: String], problem: String) async throws {
        let honest = ["X-Repo-Commit": FakeModel().commit, "ETag": "\"abc\"", "Content-Length": "22"]
        let hub = try await FakeHub(hubFault: { request, _ in
            guard request.method == "HEAD" else { return nil }
            return FakeAnswer(200, honest.merging(headers) { $1 })
        })
        let bench = try Bench(hub)
        guard case .badAnswer(_, _, let found) = await bench.failure(include: ["config.json"]) as? HubError
        else {
            return #expect(Bool(false), "not noticed")
        }
        #expect(found == problem)
        #expect(try bench.directory.contents().isEmpty)
    }

    @Test func anIndexThatLeadsOut() async throws {
        var model = FakeModel.tiny()
        model.files["model.safetensors"] = nil
        model.files["model.safetensors.index.json"] = Array(#"{"weight_map": {"a": "../../refs/main"}}"#.utf8)
        let bench = try Bench(try await FakeHub(model))
        #expect(
            "\(String(describing: await bench.failure()))".contains("the name of a file beside the index")
        )
        model.files["model.safetensors.index.json"] = Array(#"{"weight_map": {"a": "b.safetensors"}}"#.utf8)
        let other = try Bench(try await FakeHub(model))
        #expect(
            await other.failure() as? HubError
                == .fileNotFound(id: other.id, commit: model.commit, file: "b.safetensors")
        )
    }

    @Test func aLinkInTheWayIsNotFollowed() async throws {
        let bench = try Bench(try await FakeHub())
        try bench.cache.prepare(for: bench.id)
        let outside = try bench.directory.write("outside", "precious")
        let partial = bench.cache.partial(bench.hub.model.version("config.json"), of: bench.id)
        try FileManager.default.createSymbolicLink(at: partial, withDestinationURL: outside)
        #expect(await bench.failure() is FileError)
        #expect(try bench.directory.text("outside") == "precious")
    }
}

@Suite struct OfflineTests {
    @Test func offlineTheCacheMustDo() async throws {
        var bench = try Bench(try await FakeHub())
        let before = bench.hub.hub.seen.count
        bench.settings.isOffline = true
        #expect(
            (await bench.failure() as? HubError)?.description == """
                owner/tiny (main) is not whole in the cache: config.json, model.safetensors missing, and \
                HF_HUB_OFFLINE forbids downloads. Unset HF_HUB_OFFLINE and run 'induct fetch owner/tiny', or copy the \
                cache from a machine that has it.
                """
        )
        #expect(bench.hub.hub.seen.count == before)
        bench.settings.isOffline = false
        let snapshot = try await bench.download()
        bench.settings.isOffline = true
        #expect(try await bench.download() == snapshot)
        #expect(try await bench.download(include: ["config*"]) == snapshot)
        #expect(
            await bench.failure(include: ["config*", "*.md"]) as? HubError
                == .offline(id: bench.id, revision: "main", missing: ["*.md"])
        )
        try FileManager.default.removeItem(at: snapshot.directory.appending(path: "model.safetensors"))
        #expect(
            await bench.failure() as? HubError
                == .offline(id: bench.id, revision: "main", missing: ["model.safetensors"])
        )
    }

    @Test(arguments: [FakeAnswer(503), FakeAnswer(200, ["Content-Length": "5"], ending: .silence)])
    func aHubThatDoesNotAnswerIsDoneWithout(answer: FakeAnswer) async throws {
        let isDown = Mutex(false)
        let hub = try await FakeHub(hubFault: { _, _ in isDown.withLock { $0 } ? answer : nil })
        let bench = try Bench(hub)
        let snapshot = try await bench.download()
        isDown.withLock { $0 = true }
        let before = hub.hub.seen.count
        let notices = Mutex<[String]>([])
        let again = try await bench.client.download(
            bench.id,
            notice: { line in notices.withLock { $0.append(line) } }
        )
        #expect(again == snapshot)
        #expect(
            notices.withLock { $0 } == [
                "127.0.0.1 does not answer: using the copy of owner/tiny in the cache."
            ]
        )
        #expect(hub.hub.seen.count == before + 1, "one attempt is enough where there is a copy")
    }

    @Test func noHubAtAll() async throws {
        var bench = try Bench(try await FakeHub())
        // Nobody listens on port 1.
        bench.settings.endpoint = try HubEndpoint("http://127.0.0.1:1")
        #expect(
            (await bench.failure() as? HubError)?.description == """
                127.0.0.1 cannot be reached: it refused the connection. Check the network, and HF_ENDPOINT if it is \
                set; what has arrived is kept, so that the same command goes on from there.
                """
        )
        bench.settings.endpoint = try HubEndpoint("http://no-such-host.invalid")
        guard case .unreachable("no-such-host.invalid", _) = await bench.failure() as? HubError else {
            return #expect(Bool(false), "not noticed")
        }
    }
}
