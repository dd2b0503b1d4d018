// Bytes that are no HTTP, or a body that is not what its headers say, over a real socket: 4xx or a closed connection, never 5xx,
// and the server goes on.
import Foundation
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Explorer

#if canImport(Glibc)
import Glibc
private let stream = Int32(SOCK_STREAM.rawValue)
#else
import Darwin
private let stream = SOCK_STREAM
#endif

@Suite struct WireTests {
    private static let seeds = [
        "GET /heads HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /api/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 37\r\n\r\n"
            + #"{"model":"induct-2l","prompt":"A B C"}"#,
        "POST /api/work HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
            + "5\r\n{\"com\r\n0\r\n\r\n",
        "GET /api/runs/%00%ff/files/..%2f..%2fetc HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]

    /// Sends bytes and ends; gives the first of what comes back, empty where the connection is closed without a word.
    private static func answer(to bytes: [UInt8], port: Int) -> String? {
        let socket = socket(AF_INET, stream, 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return nil }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) }
        shutdown(socket, Int32(SHUT_WR))
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = recv(socket, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    @Test(.timeLimit(.minutes(5))) func whatIsNoRequestIsRefused() async throws {
        try await server().application().test(.live) { client in
            let port = try #require(client.port)
            var random = SplitMix(seed: 3)
            var statuses: Set<String> = []
            for round in 0..<1200 {
                var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
                for _ in 0..<Int(random.next() % 6) where !bytes.isEmpty {
                    let place = Int(random.next() % UInt64(bytes.count))
                    switch random.next() % 3 {
                    case 0: bytes[place] = UInt8(random.next() % 256)
                    case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int(random.next() % 8)))
                    default: bytes.insert(UInt8(random.next() % 256), at: place)
                    }
                }
                let answer = try #require(
                    Self.answer(to: bytes, port: port),
                    "round \(round): nobody listens"
                )
                let status = String(answer.prefix(12))
                statuses.insert(status)
                #expect(
                    !status.hasPrefix("HTTP/1.1 5"),
                    "\(String(decoding: bytes, as: UTF8.self)): \(answer)"
                )
            }
            #expect(
                statuses.isSuperset(of: ["HTTP/1.1 200", "HTTP/1.1 400", "HTTP/1.1 403", "HTTP/1.1 404"])
            )
        }
    }
}
