// The cache that is shared with Python's `huggingface_hub`.
//
// Layout, for a model `owner/name`:
//   models--owner--name/blobs/<version>               contents, named by their SHA-256 or git hash
//   models--owner--name/snapshots/<commit>/<file>     relative links to blobs
//   models--owner--name/refs/<branch or tag>          the commit that it meant when last asked
//   .locks/models--owner--name/<version>.lock         who is writing a blob
// Nothing here asks the network.

import Files
public import Foundation

/// Models on this machine.
public struct HubCache: Sendable {
    /// The directory of all models.
    public let directory: URL

    /// A cache that need not exist yet.
    public init(_ directory: URL) { self.directory = directory }

    /// What is there of a model at a branch, tag or commit, whole or not; nil if nothing is.
    public func snapshot(of id: HubModelID, revision: String = HubRevision.main) -> HubSnapshot? {
        guard let commit = commit(of: id, revision: revision) else { return nil }
        let directory = self.snapshot(of: id, commit: commit)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory.path, isDirectory: &isDirectory),
            isDirectory.boolValue
        else { return nil }
        return HubSnapshot(id: id, commit: commit, directory: directory)
    }

    /// Models of which something is there, sorted.
    public var models: [HubModelID] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.compactMap(HubModelID.init(directoryName:)).sorted { $0.description < $1.description }
    }

    private func commit(of id: HubModelID, revision: String) -> String? {
        if HubNames.isCommit(revision) { return revision }
        guard HubNames.isRevision(revision),
            let bytes = try? FileContents.read(reference(revision, of: id), limit: 1024)
        else { return nil }
        let commit = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return HubNames.isCommit(commit) ? commit : nil
    }
}

// Places
extension HubCache {
    func model(_ id: HubModelID) -> URL { directory.appending(path: id.directoryName) }

    func snapshot(of id: HubModelID, commit: String) -> URL {
        model(id).appending(path: "snapshots/\(commit)")
    }

    func blob(_ version: String, of id: HubModelID) -> URL { model(id).appending(path: "blobs/\(version)") }

    func partial(_ version: String, of id: HubModelID) -> URL { blob(version + ".incomplete", of: id) }

    func lock(_ version: String, of id: HubModelID) -> URL {
        directory.appending(path: ".locks/\(id.directoryName)/\(version).lock")
    }

    func reference(_ revision: String, of id: HubModelID) -> URL {
        model(id).appending(path: "refs/\(revision)")
    }
}
