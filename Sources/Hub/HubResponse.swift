// A server's answer, of which nothing is trusted.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The head of an answer, and its body to come.
struct HubResponse: Sendable {
    private let response: HTTPClientResponse
    /// Who answered.
    let host: String
    /// Whether that is the hub itself, reached without leaving it.
    let isFromHub: Bool

    init(_ response: HTTPClientResponse, host: String, isFromHub: Bool) {
        self.response = response
        self.host = host
        self.isFromHub = isFromHub
    }

    var status: Int { Int(response.status.code) }

    func header(_ name: String) -> String? { response.headers.first(name: name) }

    /// A whole number of at least 0.
    func count(_ name: String) -> Int? {
        guard let text = header(name), let count = Int(text), count >= 0 else { return nil }
        return count
    }

    /// Where it sends to, if it does.
    var redirection: String? {
        [301, 302, 303, 307, 308].contains(status) ? header("Location") : nil
    }

    /// Calls `body` with the bytes as they arrive; throws what it throws, and ``TransientFailure``.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) async throws {
        var pieces = response.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do {
                piece = try await pieces.next()
            } catch {
                throw ConnectionFailure.map(error, host: host)
            }
            guard let piece else { return }
            try piece.withUnsafeReadableBytes(body)
        }
    }

    /// The whole body; throws if it is longer than `limit`.
    func bytes(limit: Int, what: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await forEachPiece { piece in
            guard bytes.count + piece.count <= limit else {
                throw HubError.badAnswer(host: host, what: what, problem: "more than \(limit) bytes")
            }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }
}
