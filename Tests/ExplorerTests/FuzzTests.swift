// Thousands of malformed requests: each gets 4xx with a reason (or an answer, where a change left it well-formed), none ends
// the server.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Lab
import NIOCore
import TestSupport
import Testing

@testable import Explorer

@Suite(.serialized) struct FuzzTests {
    private static let seeds: [(uri: String, body: String)] = [
        ("/api/tokens", #"{"model": "induct-2l", "prompt": "A B A"}"#),
        ("/api/prompts", #"{"model": "induct-2l", "kind": "bigram", "count": 4, "length": 25, "seed": 0}"#),
        ("/api/attention", #"{"model": "induct-2l", "tokens": [1, 2, 1], "layers": [0, 1]}"#),
        (
            "/api/prediction",
            #"{"model": "induct-2l", "tokens": [1, 2], "off": [{"layer": 0, "head": 1}], "top": 3}"#
        ),
        (
            "/api/work",
            #"{"command": "lens", "model": "induct-2l", "question": {"topCount": 3, "threshold": 0.5}}"#
        ),
    ]

    private static let pieces = [
        "null", "true", "-1", "1e999", "9223372036854775808", "0.5", "\"\"", "[]", "{}", "[[[]]]", "\\",
        "\u{0}", "\"",
        ",", ":", "}", "NaN", "\u{FFFD}", "\"\\ud800\"", "99999999999999999999", "\u{2028}",
        "{\"a\":1,\"a\":2}",
    ]

    @Test func changedBodies() async throws {
        try await server().test { client in
            var random = SplitMix(seed: 11)
            for round in 0..<3000 {
                let seed = Self.seeds[round % Self.seeds.count]
                var bytes = Array(seed.body.utf8)
                for _ in 0...Int(random.next() % 3) {
                    let place = Int(random.next() % UInt64(max(bytes.count, 1)))
                    switch random.next() % 4 {
                    case 0 where !bytes.isEmpty: bytes.remove(at: min(place, bytes.count - 1))
                    case 1 where !bytes.isEmpty:
                        bytes[min(place, bytes.count - 1)] = UInt8(random.next() % 256)
                    case 2:
                        let piece = Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
                        bytes.insert(contentsOf: Array(piece.utf8), at: min(place, bytes.count))
                    default: bytes = Array(bytes.prefix(place))
                    }
                }
                let response = try await client.execute(
                    uri: seed.uri,
                    method: .post,
                    headers: [.contentType: "application/json"],
                    body: ByteBuffer(bytes: bytes)
                )
                let sent = String(decoding: bytes, as: UTF8.self)
                #expect(
                    response.status.code < 500 || response.code == "busy",
                    "\(seed.uri) \(sent): \(response.text)"
                )
                if response.status.code >= 400 {
                    #expect(response.message?.isEmpty == false, "\(seed.uri) \(sent): \(response.text)")
                }
            }
        }
    }

    /// Whole values in the place of others, which get past the parser: what is not refused can be run, or says why not.
    @Test func changedValues() async throws {
        struct Enough: Error {}
        let model = try LoadedModel("induct-2l")
        let values = [
            "null", "true", "-1", "0", "1e3", "9223372036854775807", "-9223372036854775808",
            "18446744073709551615", "1e300",
            "0.5", #""""#, #""x""#, "[]", "[0]", "[-1]", "[9223372036854775807]", "{}", #"{"kind": "texts"}"#,
        ]
        let fields: [(String, [String])] = [
            ("scan", ["prompts", "prependsBOS", "rule", "score", "seed"]),
            ("ablate", ["prompts", "components", "mode", "zeroPoint", "top", "seed"]),
            ("patch", ["comparison", "components", "isByPosition", "positions", "threshold", "top"]),
            ("circuits", ["offsets", "kinds", "draws", "seed"]),
            ("lens", ["prompts", "topCount", "threshold", "example"]),
            ("paths", ["comparison", "senders", "receivers", "inputs", "reachesLogits", "mlps"]),
            ("attribute", ["comparison", "kinds", "isByPosition", "checkTop", "checkSample"]),
            ("hessian", ["prompts", "blocks", "settings"]),
        ]
        for (command, names) in fields {
            for name in names {
                for value in values {
                    let changes = try RequestFields(Array("{\"\(name)\": \(value)}".utf8), names: [name])
                    do {
                        let question = try WorkQuestion(
                            command: command,
                            model: "m",
                            changes: .init(changes.body)
                        )
                        let end = ContinuousClock.now + .milliseconds(20)
                        _ = try question.run(model) { _, _, _ in if .now > end { throw Enough() } }
                    } catch let error as APIError {
                        #expect(error.status == .badRequest, "\(command).\(name) = \(value): \(error)")
                    } catch {
                        #expect(!"\(error)".isEmpty)
                    }
                }
            }
        }
    }

    @Test func changedAddresses() async throws {
        try await server().test { client in
            var random = SplitMix(seed: 5)
            let parts = [
                "api", "work", "runs", "files", "events", "assets", "..", "%2e%2e", "%00", "%", "~", "{id}",
                "*", "",
            ]
            for _ in 0..<2000 {
                let count = Int(random.next() % 6)
                let path = (0...count).map { _ in parts[Int(random.next() % UInt64(parts.count))] }
                let uri =
                    "/" + path.joined(separator: "/") + (random.next() % 3 == 0 ? "?replay=x&a=%&&=" : "")
                let response = try await client.get(uri)
                #expect(response.status.code < 500, "\(uri): \(response.text)")
                if response.status.code >= 400 { #expect(response.message?.isEmpty == false, "\(uri)") }
            }
        }
    }
}
