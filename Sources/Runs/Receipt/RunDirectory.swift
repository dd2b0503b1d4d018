// The directory that a command writes its results to.
import Files
public import Foundation

/// A directory of results; every file in it appears whole or not at all.
public struct RunDirectory: Sendable {
    /// Where runs are that nobody named a directory for.
    public static let parent = URL(filePath: "outputs/runs")

    /// Where.
    public let url: URL
    /// Whether it was not there before.
    private let isNew: Bool

    /// Makes the directory that the user named, or a new one `outputs/runs/<timestamp>` (local time); a second one in the
    /// same second gets a number behind it, also where two processes make theirs at once.
    ///
    /// - Throws: `FileError`.
    public init(_ path: String?, in parent: URL = RunDirectory.parent, now: Date = Date()) throws {
        if let path {
            url = URL(filePath: path)
            isNew = !FileManager.default.fileExists(atPath: url.path)
            try Directories.make(url)
            return
        }
        try Directories.make(parent)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let stamp = formatter.string(from: now)
        var candidate = parent.appending(path: stamp)
        var number = 1
        while try !Directories.makeNew(candidate) {
            number += 1
            candidate = parent.appending(path: "\(stamp)-\(number)")
        }
        (url, isNew) = (candidate, true)
    }

    /// A directory that is there.
    init(existing url: URL) { (self.url, isNew) = (url, false) }

    /// Takes a directory that was made for a run away again, if nothing has been written to it.
    public func removeIfUnused() {
        if isNew { rmdir(url.path) }
    }

    /// Writes one file.
    ///
    /// - Throws: `FileError`.
    public func write(_ data: Data, to name: String) throws {
        try AtomicFile.write(data, to: url.appending(path: name))
    }
}
