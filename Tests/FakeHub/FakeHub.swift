// A hub with one model, as far as a download goes: the list of files, their versions, their bytes, and ranges of them.
// Large files are on a second server, as the hub's are on a storage service.

import Crypto
import Foundation
import Synchronization

/// A model on a hub.
package struct FakeModel: Sendable {
    package var id = "owner/tiny"
    package var commit = "0123456789abcdef0123456789abcdef01234567"
    package var branches = ["main"]
    package var files: [String: [UInt8]] = [:]
    /// Names of files that are kept on the storage server.
    package var large: Set<String> = []

    package init() {}

    /// The hub's name for a file's contents.
    package func version(_ name: String) -> String {
        let bytes = files[name] ?? []
        let digest: [UInt8] =
            large.contains(name)
            ? Array(SHA256.hash(data: bytes))
            : Array(Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes))
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A model of one small configuration, a tokenizer, and weights of `size` bytes, which are on the storage server.
    package static func tiny(size: Int = 100_000) -> FakeModel {
        var model = FakeModel()
        model.files = [
            "config.json": Array(#"{"model_type": "gpt2"}"#.utf8),
            "tokenizer.json": Array(#"{"model": {}}"#.utf8),
            "README.md": Array("# Tiny\n".utf8),
            "onnx/model.onnx": [1, 2, 3],
            "model.safetensors": (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 257) },
        ]
        model.large = ["model.safetensors", "onnx/model.onnx"]
        return model
    }
}

/// The hub and its storage.
package final class FakeHub: Sendable {
    /// Takes the place of an answer; `count` requests of this kind (method and path) were there before.
    package typealias Fault = @Sendable (_ request: SeenRequest, _ count: Int) -> FakeAnswer?

    package let hub: FakeServer
    package let storage: FakeServer
    package var model: FakeModel { state.model }
    private let state: HubState

    /// Starts both servers.
    package init(
        _ model: FakeModel = .tiny(),
        hubFault: @escaping Fault = { _, _ in nil },
        storageFault: @escaping Fault = { _, _ in nil }
    ) async throws {
        let state = HubState(model)
        self.state = state
        let storage = try await FakeServer { request in
            storageFault(request, state.count(request)) ?? state.stored(request)
        }
        self.storage = storage
        let address = storage.address
        hub = try await FakeServer { request in
            hubFault(request, state.count(request)) ?? state.answer(request, storage: address)
        }
    }

    /// Makes the branches mean another version.
    package func publish(_ model: FakeModel) { state.publish(model) }

    /// How often something was asked of hub and storage, by method and end of the path.
    package func count(_ method: String, _ suffix: String) -> Int {
        (hub.seen + storage.seen).count { request in
            request.method == method && request.uri.split(separator: "?")[0].hasSuffix(suffix)
        }
    }
}

private final class HubState: Sendable {
    private let current: Mutex<FakeModel>
    private let counts = Mutex<[String: Int]>([:])

    init(_ model: FakeModel) { current = Mutex(model) }

    var model: FakeModel { current.withLock { $0 } }

    func publish(_ model: FakeModel) { current.withLock { $0 = model } }

    func count(_ request: SeenRequest) -> Int {
        counts.withLock { counts in
            defer { counts["\(request.method) \(request.uri)", default: 0] += 1 }
            return counts["\(request.method) \(request.uri)", default: 0]
        }
    }

    func answer(_ request: SeenRequest, storage: String) -> FakeAnswer {
        let model = self.model
        let path = String(request.uri.split(separator: "?")[0]).removingPercentEncoding ?? ""
        let api = "/api/models/\(model.id)"
        for revision in model.branches + [model.commit] {
            if path == "\(api)/revision/\(revision)" { return listing(of: model) }
            if path == "\(api)/tree/\(revision)" { return tree(of: model) }
            let prefix = "/\(model.id)/resolve/\(revision)/"
            guard path.hasPrefix(prefix) else { continue }
            let name = String(path.dropFirst(prefix.count))
            guard let bytes = model.files[name] else {
                return FakeAnswer(404, ["X-Error-Code": "EntryNotFound"])
            }
            let headers = ["X-Repo-Commit": model.commit, "ETag": "\"\(model.version(name))\""]
            guard model.large.contains(name) else { return HubState.part(of: bytes, request, headers) }
            let linked = [
                "X-Linked-Etag": "\"\(model.version(name))\"", "X-Linked-Size": "\(bytes.count)",
                "ETag": "\"other\"",
                "Location": "\(storage)/store/\(name)?signature=secret",
            ]
            return FakeAnswer(302, headers.merging(linked) { $1 }, body: Array("Found".utf8))
        }
        let isKnown = path.hasPrefix(api + "/") || path.hasPrefix("/\(model.id)/")
        return FakeAnswer(404, ["X-Error-Code": isKnown ? "RevisionNotFound" : "RepoNotFound"])
    }

    func stored(_ request: SeenRequest) -> FakeAnswer {
        let name = request.uri.split(separator: "?")[0].dropFirst("/store/".count)
        guard let bytes = model.files[String(name)] else { return FakeAnswer(404) }
        return HubState.part(of: bytes, request, [:])
    }

    private func listing(of model: FakeModel) -> FakeAnswer {
        let files = model.files.keys.sorted().map { name in
            #"{"rfilename": "\#(name)", "size": \#(model.files[name]?.count ?? 0)}"#
        }
        let text =
            #"{"id": "\#(model.id)", "sha": "\#(model.commit)", "siblings": [\#(files.joined(separator: ","))]}"#
        return FakeAnswer(200, ["Content-Type": "application/json"], body: Array(text.utf8))
    }

    /// What Python's client asks for instead of sizes in the list.
    private func tree(of model: FakeModel) -> FakeAnswer {
        let files = model.files.keys.sorted().map { name in
            let size = model.files[name]?.count ?? 0
            let version = model.version(name)
            let isLarge = model.large.contains(name)
            let lfs = isLarge ? #", "lfs": {"oid": "\#(version)", "size": \#(size), "pointerSize": 130}"# : ""
            let oid = isLarge ? String(version.prefix(40)) : version
            return #"{"type": "file", "path": "\#(name)", "size": \#(size), "oid": "\#(oid)"\#(lfs)}"#
        }
        return FakeAnswer(
            200,
            ["Content-Type": "application/json"],
            body: Array("[\(files.joined(separator: ","))]".utf8)
        )
    }

    /// The whole, or the part that was asked for.
    private static func part(
        of bytes: [UInt8],
        _ request: SeenRequest,
        _ headers: [String: String]
    ) -> FakeAnswer {
        if request.method == "HEAD" {
            return FakeAnswer(200, headers.merging(["Content-Length": "\(bytes.count)"]) { $1 })
        }
        guard let range = request.header("Range"), let first = Int(range.dropFirst("bytes=".count).dropLast())
        else {
            return FakeAnswer(200, headers, body: bytes)
        }
        guard first < bytes.count else { return FakeAnswer(416, ["Content-Range": "bytes */\(bytes.count)"]) }
        let part = ["Content-Range": "bytes \(first)-\(bytes.count - 1)/\(bytes.count)"]
        return FakeAnswer(206, headers.merging(part) { $1 }, body: Array(bytes[first...]))
    }
}
