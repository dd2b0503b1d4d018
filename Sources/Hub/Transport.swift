// Requests and redirects.
//
// Promises: the token goes to the hub's own scheme, host and port, and nowhere else: once a chain of redirects has
// left them, it is not sent again. Redirects are counted, and never lead from https to http. What a server sends is
// bounded before it is kept.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The way to one hub.
struct Transport: Sendable {
    let settings: HubSettings
    let timing: HubTiming
    private let client: HTTPClient
    private static let mostRedirects = 10

    /// Runs `body` with a transport that is shut down afterwards.
    static func with<Result: Sendable>(
        _ settings: HubSettings,
        _ timing: HubTiming,
        _ body: (Transport) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: timing.connect.amount, read: timing.silence.amount)
        )
        // One connection a file: faster for large files than many streams in one.
        configuration.httpVersion = .http1Only
        // Attempts are counted here.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(Transport(settings: settings, timing: timing, client: client)))
        } catch {
            result = .failure(error)
        }
        // What can fail here is only to end connections that nobody needs any more.
        try? await client.shutdown()
        return try result.get()
    }

    /// Which redirects to follow.
    enum Following {
        /// Those that stay with the hub; another one is the answer.
        case hub
        /// All.
        case everywhere
    }

    /// Asks, and follows redirects; throws ``TransientFailure`` and ``HubError``.
    ///
    /// - Parameters:
    ///   - what: is asked for, in words.
    ///   - offset: asks for the bytes from there on.
    func send(
        _ method: HTTPMethod,
        _ url: URL,
        for what: String,
        from offset: Int = 0,
        following: Following
    ) async throws -> HubResponse {
        var url = url
        var isWithHub = true
        for _ in 0..<Self.mostRedirects {
            guard let origin = Origin(url) else {
                throw HubError.redirect(
                    host: settings.endpoint.origin.host,
                    what: what,
                    problem: "to no web address"
                )
            }
            isWithHub = isWithHub && origin == settings.endpoint.origin
            let response = HubResponse(
                try await answer(method, url, from: offset, withToken: isWithHub, host: origin.host),
                host: origin.host,
                isFromHub: isWithHub
            )
            guard let location = response.redirection else { return response }
            guard let next = URL(string: location, relativeTo: url)?.absoluteURL, let target = Origin(next),
                next.user == nil, next.password == nil
            else {
                throw HubError.redirect(host: origin.host, what: what, problem: "to an address that is none")
            }
            if following == .hub, !isWithHub || target != settings.endpoint.origin { return response }
            if origin.scheme == "https", target.scheme == "http" {
                throw HubError.redirect(host: origin.host, what: what, problem: "from https to http")
            }
            url = next
        }
        let host = settings.endpoint.origin.host
        throw HubError.redirect(host: host, what: what, problem: "more than \(Self.mostRedirects) times")
    }

    private func answer(
        _ method: HTTPMethod,
        _ url: URL,
        from offset: Int,
        withToken: Bool,
        host: String
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers.add(name: "User-Agent", value: "induct")
        // Compressed answers would hide the size, and could not be resumed.
        request.headers.add(name: "Accept-Encoding", value: "identity")
        if offset > 0 { request.headers.add(name: "Range", value: "bytes=\(offset)-") }
        if withToken, let token = settings.token {
            request.headers.add(name: "Authorization", value: token.authorization)
        }
        do {
            // A deadline for the head of the answer; `silence` watches over its body.
            return try await client.execute(request, timeout: (timing.connect + timing.silence).amount)
        } catch {
            throw ConnectionFailure.map(error, host: host)
        }
    }
}

extension Duration {
    fileprivate var amount: TimeAmount {
        .nanoseconds(Int64(self / .nanoseconds(1)))
    }
}
