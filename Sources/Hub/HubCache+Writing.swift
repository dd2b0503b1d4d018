// What a download writes besides blobs.

import Files
import Foundation

extension HubCache {
    /// Makes the directories that a blob and its lock need; throws `FileError`.
    func prepare(for id: HubModelID) throws {
        try Directories.make(model(id).appending(path: "blobs"))
        try Directories.make(directory.appending(path: ".locks/\(id.directoryName)"))
        // Backup programs leave a directory with this file alone (https://bford.info/cachedir).
        let tag = directory.appending(path: "CACHEDIR.TAG")
        if !FileManager.default.fileExists(atPath: tag.path) {
            try AtomicFile.write(
                """
                Signature: 8a477f597d28d172789f06886806bc55
                # Downloaded models: everything here can be downloaded again.

                """,
                to: tag
            )
        }
    }

    /// Makes `file` of a snapshot a relative link to a blob; throws `FileError`.
    func link(_ file: String, at commit: String, of id: HubModelID, to version: String) throws {
        let place = snapshot(of: id, commit: commit).appending(path: file)
        try Directories.make(place.deletingLastPathComponent())
        let up = String(repeating: "../", count: 2 + file.utf8.count { $0 == UInt8(ascii: "/") })
        let target = "\(up)blobs/\(version)"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) == target { return }
        try SymbolicLink.make(at: place, to: target)
    }

    /// Records which commit a branch or tag means, unless it is known; throws `FileError`.
    func refer(from revision: String, to commit: String, of id: HubModelID) throws {
        guard revision != commit else { return }
        let place = reference(revision, of: id)
        if let old = try? FileContents.read(place, limit: 1024), old == Array(commit.utf8) { return }
        try Directories.make(place.deletingLastPathComponent())
        try AtomicFile.write(commit, to: place)
    }
}
