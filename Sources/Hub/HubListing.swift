// Which files a model has at a revision: what the hub's API says.

import AsyncHTTPClient
import Foundation
import JSON
import NIOHTTP1

/// A version of a model on the hub.
struct HubListing: Sendable {
    /// A file of it; the name is not checked yet.
    struct File: Sendable, Equatable {
        let name: String
        /// In bytes; a mirror may not say.
        let size: Int?
    }

    let commit: String
    let files: [File]

    func file(_ name: String) -> File? { files.first { $0.name == name } }

    /// Reads the answer to ``HubRequest/listing(_:revision:)``.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        let root = try JSONField(parsing: bytes, source: "listing")
        commit = try root.require("sha").string()
        files = try root.require("siblings").elements().map { (sibling) throws(JSONError) in
            // Of a large file the contents, not the pointer that git keeps.
            let contents = try sibling["lfs"] ?? sibling
            return File(
                name: try sibling.require("rfilename").string(),
                size: try contents["size"]?.count()
            )
        }
    }
}

extension Transport {
    /// Asks for the files of a model; throws ``TransientFailure`` and ``HubError``.
    func listing(of id: HubModelID, revision: String) async throws -> HubListing {
        let request = HubRequest.listing(id, revision: revision)
        let url = try request.url(at: settings.endpoint)
        let response = try await send(.GET, url, for: request.what, following: .hub)
        guard response.redirection == nil else {
            throw HubError.redirect(host: response.host, what: request.what, problem: "away from itself")
        }
        guard response.status == 200 else { throw request.refusal(response, settings: settings) }
        // The longest lists of real models have some thousand names.
        let bytes = try await response.bytes(limit: 16 << 20, what: request.what)
        func bad(_ problem: String) -> HubError {
            .badAnswer(host: response.host, what: request.what, problem: problem)
        }
        let listing: HubListing
        do {
            listing = try HubListing(parsing: bytes)
        } catch {
            throw bad("text that is no list of files")
        }
        guard HubNames.isCommit(listing.commit) else {
            throw bad("a commit that is not 40 hexadecimal digits")
        }
        guard !HubNames.isCommit(revision) || listing.commit == revision else { throw bad("another commit") }
        return listing
    }
}
