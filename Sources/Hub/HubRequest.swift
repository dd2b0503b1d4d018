// What is asked of a hub, and what its refusals mean.

import AsyncHTTPClient
import Foundation
import NIOHTTP1

/// One thing to ask for.
enum HubRequest {
    /// Which commit a revision is, and which files it has.
    case listing(HubModelID, revision: String)
    /// A file.
    case file(HubModelID, commit: String, name: String)

    var id: HubModelID {
        switch self {
        case .listing(let id, _), .file(let id, _, _): id
        }
    }

    /// In words, for messages.
    var what: String {
        switch self {
        case .listing(let id, _): "the list of files of \(id)"
        case .file(let id, _, let name): "\(name) of \(id)"
        }
    }

    func url(at endpoint: HubEndpoint) throws(HubError) -> URL {
        let owner = id.description.split(separator: "/").map(String.init)
        switch self {
        case .listing(_, let revision):
            return try endpoint.url(["api", "models"] + owner + ["revision", revision])
                .appending(queryItems: [URLQueryItem(name: "blobs", value: "true")])
        case .file(_, let commit, let name):
            return try endpoint.url(
                owner + ["resolve", commit] + name.split(separator: "/").map(String.init)
            )
        }
    }

    /// The error that an answer is which is not a success.
    func refusal(_ response: HubResponse, settings: HubSettings) -> any Error {
        let status = response.status
        let error = HubError.status(host: response.host, what: what, code: status)
        if [408, 429].contains(status) || 500...599 ~= status {
            return TransientFailure(
                error: error,
                retryAfter: response.count("Retry-After").map { .seconds($0) }
            )
        }
        guard response.isFromHub else {
            // Addresses of storage servers expire: the next attempt gets a new one from the hub.
            return TransientFailure(error: error)
        }
        let page = "\(settings.endpoint)/\(id)"
        let hasToken = settings.token != nil
        switch (response.header("X-Error-Code"), status, self) {
        case ("GatedRepo", _, _), (_, 403, _):
            return HubError.gated(id: id, page: page, hasToken: hasToken)
        case ("RevisionNotFound", _, .listing(_, let revision)),
            ("RevisionNotFound", _, .file(_, let revision, _)):
            return HubError.revisionNotFound(id: id, revision: revision)
        case (nil, 401, _)
        where response.header("X-Error-Message") == "Invalid credentials in Authorization header":
            return HubError.tokenRefused(host: response.host)
        case ("EntryNotFound", _, .file(_, let commit, let name)), (nil, 404, .file(_, let commit, let name)):
            return HubError.fileNotFound(id: id, commit: commit, file: name)
        case ("RepoNotFound", _, _), (_, 401, _), (_, 404, _):
            return HubError.modelNotFound(id: id, page: page, hasToken: hasToken)
        default: return error
        }
    }
}
