// What `make setup` makes, found by walking up from the running program (a build directory is inside the project, an installed
// program has the same files beside it). Never from the current directory: what lies there need not be the user's.

import Foundation

/// Files below `.deps`.
enum SetUpFiles {
    /// The first file of this path, in a directory or in one above it, that is as it should be.
    static func first(_ relativePath: String, from start: URL?, where isUsable: (URL) -> Bool) -> URL? {
        var directory = start?.standardizedFileURL
        while let place = directory {
            let candidate = place.appending(path: relativePath)
            if isUsable(candidate) { return candidate }
            let parent = place.deletingLastPathComponent().standardizedFileURL
            directory = parent.path == place.path || place.path == "/" ? nil : parent
        }
        return nil
    }

    /// The directory of the running program, symbolic links resolved: an installed link leads home.
    static var start: URL? { program?.deletingLastPathComponent() }

    private static var program: URL? {
        #if os(Linux)
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        #else
        return Bundle.main.executableURL?.resolvingSymlinksInPath()
        #endif
    }
}
