// What the hub says of a file before it is downloaded.

import AsyncHTTPClient
import Foundation
import NIOHTTP1

/// Which contents a file has, and how many bytes of them.
struct FileMetadata: Sendable, Equatable {
    /// The hub's name for the contents, which the blob gets.
    let version: String
    let size: Int
}

extension Transport {
    /// Asks for a file's version and size; throws ``TransientFailure`` and ``HubError``. Large files are kept on other
    /// servers: the hub's redirection to them carries what they are to deliver.
    func metadata(of file: HubListing.File, of id: HubModelID, at commit: String) async throws -> FileMetadata
    {
        let request = HubRequest.file(id, commit: commit, name: file.name)
        let url = try request.url(at: settings.endpoint)
        let response = try await send(.HEAD, url, for: request.what, following: .hub)
        guard response.status == 200 || response.redirection != nil else {
            throw request.refusal(response, settings: settings)
        }
        func bad(_ problem: String) -> HubError {
            .badAnswer(host: response.host, what: request.what, problem: problem)
        }
        guard response.header("X-Repo-Commit") == commit else { throw bad("no commit, or another one") }
        guard let version = (response.header("X-Linked-Etag") ?? response.header("ETag")).map(Self.unquoted),
            HubNames.isVersion(version)
        else { throw bad("no version, or one that cannot name a file") }
        // Of a redirection the length is that of its own text, of a compressed answer that of its packed form.
        let isItself =
            response.redirection == nil && response.header("Content-Encoding") ?? "identity" == "identity"
        let length = isItself ? response.count("Content-Length") : nil
        guard let size = response.count("X-Linked-Size") ?? length ?? file.size else { throw bad("no size") }
        guard file.size == nil || file.size == size else { throw bad("two sizes") }
        return FileMetadata(version: version, size: size)
    }

    /// `W/"x"` and `"x"` are x.
    static func unquoted(_ etag: String) -> String {
        let strong = etag.hasPrefix("W/") ? etag.dropFirst(2) : etag[...]
        return String(strong.filter { $0 != "\"" })
    }
}
