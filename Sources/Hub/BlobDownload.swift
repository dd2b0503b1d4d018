// The bytes of one file.
//
// Promises: what arrives goes to `<version>.incomplete`; only when all bytes are there and have the hash that the hub
// announced does it become the blob. What is cut, by the network, a full disk or Ctrl-C, is gone on with at the next
// attempt; what is wrong is removed. Never more bytes are kept than were announced.

import AsyncHTTPClient
import Files
import Foundation
import NIOHTTP1

/// Downloads a file to its blob. The caller holds the blob's lock.
struct BlobDownload {
    let transport: Transport
    let cache: HubCache
    let request: HubRequest
    let name: String
    let metadata: FileMetadata
    let counter: ProgressCounter

    /// An advance that shows that the server does deliver: failures in a row are counted anew.
    private static let goodAdvance = 1 << 20

    /// Goes on from what is there until the blob is whole; throws ``HubError`` and `FileError`.
    func run() async throws {
        let id = request.id
        let partial = try PartialFile(resuming: cache.partial(metadata.version, of: id))
        if partial.size > metadata.size { try partial.empty() }
        var digest = freshDigest
        try partial.read { digest.update($0) }
        counter.set(partial.size, of: name)
        var backoff = Backoff(transport.timing)
        var furthest = partial.size
        while partial.size < metadata.size {
            do {
                try await receive(into: partial, digest: &digest)
            } catch let failure as TransientFailure {
                if partial.size >= furthest + Self.goodAdvance { backoff.reset() }
                furthest = max(furthest, partial.size)
                try await backoff.wait(after: failure)
            }
        }
        if let (expected, found) = digest.mismatch() { throw corrupt(partial, expected, found) }
        try partial.commit(as: cache.blob(metadata.version, of: id))
    }

    private var freshDigest: BlobDigest { BlobDigest(version: metadata.version, size: metadata.size) }

    /// One request: adds what arrives.
    private func receive(into partial: PartialFile, digest: inout BlobDigest) async throws {
        let url = try request.url(at: transport.settings.endpoint)
        let response = try await transport.send(
            .GET,
            url,
            for: request.what,
            from: partial.size,
            following: .everywhere
        )
        switch response.status {
        case 200:
            // The whole file, though a part was asked for.
            if partial.size > 0 { try restart(partial, &digest) }
            if let length = response.count("Content-Length"), length != metadata.size {
                throw corrupt(partial, "\(metadata.size) bytes", "\(length)")
            }
        case 206 where partial.size > 0 && isAskedFor(response.header("Content-Range"), from: partial.size):
            break
        case 206, 416:
            try restart(partial, &digest)
            let problem = "other bytes than those asked for"
            throw TransientFailure(
                error: .badAnswer(host: response.host, what: request.what, problem: problem)
            )
        default: throw request.refusal(response, settings: transport.settings)
        }
        try await response.forEachPiece { piece in
            guard partial.size + piece.count <= metadata.size else {
                throw corrupt(partial, "\(metadata.size) bytes", "more")
            }
            try append(piece, to: partial)
            digest.update(piece)
            counter.set(partial.size, of: name)
        }
        if partial.size < metadata.size {
            throw TransientFailure(error: .unreachable(host: response.host, reason: "it cut the connection"))
        }
    }

    private func append(_ piece: UnsafeRawBufferPointer, to partial: PartialFile) throws {
        do {
            try partial.append(piece)
        } catch let error as FileError where [.diskFull, .beyondSizeLimit].contains(error.problem) {
            throw HubError.noRoom(
                file: name,
                missing: metadata.size - partial.size,
                problem: error.description
            )
        }
    }

    private func restart(_ partial: PartialFile, _ digest: inout BlobDigest) throws {
        try partial.empty()
        digest = freshDigest
        counter.set(0, of: name)
    }

    private func corrupt(_ partial: PartialFile, _ expected: String, _ found: String) -> HubError {
        partial.remove()
        return .corrupt(file: name, expected: expected, found: found)
    }

    /// Whether a `Content-Range` is `bytes <offset>-<any>/<size>`; the size may be left open.
    private func isAskedFor(_ range: String?, from offset: Int) -> Bool {
        guard let match = range?.wholeMatch(of: /bytes (\d+)-(\d+)\/(\d+|\*)/) else { return false }
        return Int(match.output.1) == offset
            && (match.output.3 == "*" || Int(match.output.3) == metadata.size)
    }
}
