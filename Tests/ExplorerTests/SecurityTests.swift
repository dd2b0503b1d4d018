import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import Explorer

@Suite struct SecurityTests {
    @Test(arguments: ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "[::1]", "box.lan:80"])
    func ownNamesAreServed(authority: String) {
        #expect(HostRule(serving: "box.lan").allows(authority))
    }

    @Test(arguments: [
        "", "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost:", "localhost:x",
        "localhost:99999",
        "localhost:80:80", "[::1", "::1", "[::1]:", "127.0.0.1@evil.example", "localhost:-1", ":8080", "]:1",
        String(repeating: "a", count: 1000),
    ])
    func otherNamesAreNot(authority: String) {
        #expect(!HostRule(serving: "127.0.0.1").allows(authority))
        #expect(!HostRule(serving: "0.0.0.0").allows(authority))
    }

    @Test func addressesAreServedWhereAllAreListenedOn() {
        for host in ["0.0.0.0", "::"] {
            for authority in ["192.168.1.5:8080", "10.0.0.1", "[2001:db8::1]:80", "localhost:8080"] {
                #expect(HostRule(serving: host).allows(authority), "\(authority)")
            }
            for authority in ["2001:db8::1", "[10.0.0.1]", "10.0.0.1.evil.example", "10.0.0", "[]:80"] {
                #expect(!HostRule(serving: host).allows(authority), "\(authority)")
            }
        }
        #expect(!HostRule(serving: "127.0.0.1").allows("192.168.1.5:8080"))
    }

    @Test func requestsForOtherHostsAreRefused() async throws {
        let responder = server().application().responder
        func status(_ authority: String?) async throws -> HTTPResponse.Status {
            let head = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/api/runs")
            let channel = try await ClientBootstrap.none()
            let context = BasicRequestContext(
                source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test"))
            )
            return try await responder.respond(
                to: Request(head: head, body: RequestBody(buffer: ByteBuffer())),
                context: context
            ).status
        }
        #expect(try await status("127.0.0.1:8080") == .ok)
        #expect(try await status("rebound.example:8080") == .forbidden)
        #expect(try await status(nil) == .forbidden)
    }

    @Test func changesFromOtherOriginsAreRefused() async throws {
        try await server().test { client in
            let body = #"{"model": "induct-2l", "prompt": "A B"}"#
            func response(_ origin: String?) async throws -> TestResponse {
                var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
                headers[.origin] = origin
                return try await client.post("/api/tokens", body, headers: headers)
            }
            #expect(try await response("http://localhost").status == .ok)
            #expect(try await response(nil).status == .ok)
            for origin in ["http://evil.example", "null", "https://localhost", "http://localhost:81", ""] {
                let response = try await response(origin)
                #expect(response.status == .forbidden && response.code == "wrong_origin", "\(origin)")
            }
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
                let response = try await client.post("/api/tokens", body, headers: [.contentType: type])
                #expect(response.code == "wrong_type", "\(type)")
            }
            #expect(
                try await client.execute(uri: "/api/work/x", method: .delete).status == .unsupportedMediaType
            )
        }
    }

    @Test(arguments: ["/", "/api/models", "/api/nothing", "/nothing", "/api/work/x"])
    func everyResponseHasTheHeaders(uri: String) async throws {
        try await server().test { client in
            let headers = try await client.get(uri).headers
            let policy = headers[.contentSecurityPolicy] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
            #expect(!policy.contains("unsafe"))
            #expect(headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test func longBodiesAreRefused() async throws {
        try await server().test { client in
            let text = String(repeating: "A ", count: 40_000)
            let response = try await client.post(
                "/api/tokens",
                #"{"model": "induct-2l", "prompt": "\#(text)"}"#
            )
            #expect(response.status == .contentTooLarge)
            #expect(response.code == "too_large")
        }
    }

    @Test func unknownAddressesAndMethods() async throws {
        try await server().test { client in
            #expect(try await client.get("/api/secrets").code == "not_found")
            #expect(try await client.get("/assets/../openapi.json").code == "not_found")
            #expect(try await client.get("/assets/%2e%2e/openapi.json").code == "not_found")
            #expect(try await client.get("/assets/vega.js").status == .notFound)
            let put = try await client.execute(
                uri: "/api/models",
                method: .put,
                headers: [.contentType: "application/json"]
            )
            #expect(put.code == "not_found")
        }
    }
}

extension ClientBootstrap {
    /// A channel that is connected to nothing: contexts want one.
    fileprivate static func none() async throws -> any Channel {
        let group = MultiThreadedEventLoopGroup.singleton
        return try await DatagramBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
    }
}
