// The explorer's server without a socket, and what tests ask it.
import Foundation
import HTTPTypes
import Hub
import Hummingbird
import HummingbirdTesting
import NIOCore

@testable import Explorer

/// A server on the bundled models, with an empty cache and a directory of its own.
func server(work: URL? = nil, model: String = "induct-2l") -> ExplorerServer {
    let place =
        work ?? FileManager.default.temporaryDirectory.appending(path: "explorer-\(UUID().uuidString)")
    return ExplorerServer(
        ExplorerSettings(
            model: model,
            work: place,
            cache: HubCache(place.appending(path: "cache")),
            vega: nil
        )
    )
}

extension ExplorerServer {
    /// Drives the router.
    func test(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await application().test(.router, body)
    }
}

extension TestClientProtocol {
    /// GET.
    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await execute(uri: uri, method: .get, headers: headers)
    }

    /// POST of JSON.
    func post(_ uri: String, _ body: String, headers: HTTPFields = [.contentType: "application/json"])
        async throws -> TestResponse
    {
        try await execute(uri: uri, method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    /// DELETE.
    func delete(_ uri: String) async throws -> TestResponse {
        try await execute(uri: uri, method: .delete, headers: [.contentType: "application/json"])
    }

    /// Asks for work; gives its id.
    func submit(_ command: String, _ question: String = "{}", cancelOnClose: Bool = false) async throws
        -> String
    {
        let response = try await post(
            "/api/work",
            """
            {"command": "\(command)", "model": "induct-2l", "question": \(question), "cancelOnClose": \(cancelOnClose)}
            """
        )
        guard let id = try response.object["id"] as? String else { throw Unexpected(text: response.text) }
        return id
    }

    /// Waits for the end of work; gives how it ended.
    func end(of id: String) async throws -> String {
        for _ in 0..<6000 {
            let state = try await get("/api/work/\(id)").object["state"] as? String ?? ""
            if !["queued", "running"].contains(state) { return state }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Unexpected(text: "work \(id) does not end")
    }
}

extension TestResponse {
    /// The body.
    var text: String { String(buffer: body) }

    /// The body's bytes.
    var data: Data { Data(body.readableBytesView) }

    /// The body as a JSON object.
    var object: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:] }
    }

    /// The code of an error.
    var code: String? {
        ((try? object)?["error"] as? [String: Any])?["code"] as? String
    }

    /// The message of an error.
    var message: String? {
        ((try? object)?["error"] as? [String: Any])?["message"] as? String
    }
}

/// A response that no test expects.
struct Unexpected: Error {
    var text: String
}
