// Where redirects lead, and that the token does not go along.
import FakeHub
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Hub

@Suite struct RedirectTests {
    private let token = "hf_secretsecret"

    /// Everything that a server was sent.
    private func text(_ server: FakeServer) -> String { server.seen.map(\.text).joined(separator: "\n") }

    @Test func theTokenGoesToTheHubOnly() async throws {
        let bench = try Bench(try await FakeHub(), token: token)
        _ = try await bench.download()
        let toHub = bench.hub.hub.seen
        #expect(toHub.count == 7, "one list, three heads, three bodies")
        #expect(toHub.allSatisfy { $0.header("Authorization") == "Bearer " + token })
        #expect(bench.hub.storage.seen.count == 1)
        #expect(!text(bench.hub.storage).contains("Authorization"))
        #expect(!text(bench.hub.storage).contains("secretsecret"))
    }

    @Test func withoutTokenNobodyIsTold() async throws {
        let bench = try Bench(try await FakeHub())
        _ = try await bench.download()
        #expect(!text(bench.hub.hub).contains("Authorization"))
    }

    @Test func aRelativeRedirectStaysWithTheHub() async throws {
        // As the hub does for a model that got another name.
        let hub = try await FakeHub(hubFault: { request, _ in
            guard let range = request.uri.range(of: "/old/name") else { return nil }
            return FakeAnswer(
                307,
                ["Location": request.uri.replacingCharacters(in: range, with: "/owner/tiny")]
            )
        })
        let bench = try Bench(hub, token: token)
        let id = try HubModelID("old/name")
        let snapshot = try await bench.client.download(id)
        #expect(snapshot.directory.path.contains("models--old--name/snapshots/"))
        #expect(snapshot.files.count == 3)
        #expect(bench.hub.hub.seen.allSatisfy { $0.header("Authorization") != nil })
        #expect(!text(bench.hub.storage).contains("secretsecret"))
    }

    @Test func backFromAnotherServerTheTokenStaysAway() async throws {
        let weights = FakeModel.tiny().files["model.safetensors"] ?? []
        let address = Mutex("")
        let hub = try await FakeHub(
            hubFault: { request, _ in request.uri == "/back" ? FakeAnswer(200, body: weights) : nil },
            // To itself, then to the hub.
            storageFault: { request, _ in
                let back = address.withLock { $0 + "/back" }
                return FakeAnswer(302, ["Location": request.uri == "/again" ? back : "../again"])
            }
        )
        address.withLock { $0 = hub.hub.address }
        let bench = try Bench(hub, token: token)
        _ = try await bench.download()
        #expect(hub.storage.seen.map(\.uri) == ["/store/model.safetensors?signature=secret", "/again"])
        let back = try #require(hub.hub.seen.last { $0.uri == "/back" })
        #expect(back.header("Authorization") == nil)
    }

    @Test(arguments: ["HEAD", "GET"])
    func loopsEnd(method: String) async throws {
        let hub = try await FakeHub(hubFault: { request, _ in
            request.method == method && request.uri.hasSuffix("/config.json")
                ? FakeAnswer(302, ["Location": request.uri]) : nil
        })
        let bench = try Bench(hub)
        #expect(
            await bench.failure() as? HubError
                == .redirect(
                    host: "127.0.0.1",
                    what: "config.json of owner/tiny",
                    problem: "more than 10 times"
                )
        )
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/x", "http://", "",
    ])
    func strangeAddressesAreNotFollowed(location: String) async throws {
        let hub = try await FakeHub(storageFault: { _, _ in FakeAnswer(302, ["Location": location]) })
        let bench = try Bench(hub, token: token)
        let error = await bench.failure()
        #expect(error is HubError, "\(String(describing: error))")
        #expect(!"\(String(describing: error))".contains("word"))
    }

    @Test func theListMayNotComeFromElsewhere() async throws {
        let other = try await FakeHub()
        let address = other.hub.address
        let hub = try await FakeHub(hubFault: { request, _ in
            FakeAnswer(302, ["Location": address + request.uri])
        })
        let bench = try Bench(hub, token: token)
        #expect(
            await bench.failure() as? HubError
                == .redirect(
                    host: "127.0.0.1",
                    what: "the list of files of owner/tiny",
                    problem: "away from itself"
                )
        )
        #expect(other.hub.seen.isEmpty)
    }
}
