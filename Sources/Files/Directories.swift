// Making directories, with errors that say which one and why.

public import Foundation

/// Directories to write into.
public enum Directories {
    /// Makes a directory and those above it, unless they are there; throws ``FileError``.
    public static func make(_ url: URL) throws {
        var path = url.path.hasPrefix("/") ? "/" : ""
        for component in url.path.split(separator: "/") {
            path += path.isEmpty || path.hasSuffix("/") ? component : "/" + component
            if mkdir(path, 0o777) != 0 && errno != EEXIST {
                throw FileError(path: path, operation: .write, code: errno)
            }
            guard isDirectory(path) else {
                throw FileError(path: path, operation: .write, problem: .parentIsNotDirectory)
            }
        }
    }

    /// Makes one directory; false if the name is taken already. Throws ``FileError``.
    public static func makeNew(_ url: URL) throws -> Bool {
        if mkdir(url.path, 0o777) == 0 { return true }
        guard errno == EEXIST else { throw FileError(path: url.path, operation: .write, code: errno) }
        return false
    }

    /// Gives a directory that was made under another name its own, in the place of what is there; throws ``FileError``.
    public static func put(_ made: URL, at url: URL) throws {
        let old = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).old")
        try? FileManager.default.removeItem(at: old)
        // Renamed and not removed: a directory that is only half there would be taken for a whole one.
        if rename(url.path, old.path) != 0, errno != ENOENT {
            throw FileError(path: url.path, operation: .write, code: errno)
        }
        guard rename(made.path, url.path) == 0 else {
            throw FileError(path: url.path, operation: .write, code: errno)
        }
        try? FileManager.default.removeItem(at: old)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var result: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &result) && result.boolValue
    }
}
