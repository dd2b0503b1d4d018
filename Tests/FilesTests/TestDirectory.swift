// A fresh directory for one test, removed afterwards; and how a test becomes an ordinary user.

import Foundation
import Testing

final class TestDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "files-\(UUID().uuidString)",
            directoryHint: .isDirectory
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func callAsFunction(_ name: String) -> URL { url.appending(path: name) }

    func write(_ name: String, _ text: String) throws -> URL {
        try Data(text.utf8).write(to: self(name))
        return self(name)
    }

    /// Everything in it, hidden files too, sorted.
    func contents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    func text(_ name: String) throws -> String { try String(contentsOf: self(name), encoding: .utf8) }
}

/// Root may read and write everything, so tests of permissions go on as another user, in a process of their
/// own.
func stopBeingRoot() throws {
    guard geteuid() == 0 else { return }
    let nobody: uid_t = 65534
    try #require(setuid(nobody) == 0)
}
