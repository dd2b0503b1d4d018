// Where the figures' library is, which `make setup` makes: found by walking up from the running program, as the Python for
// figures is. Never from the current directory: what lies there need not be the user's.
public import Foundation

/// Vega, Vega-Lite and vega-embed in one script.
public enum VegaBundle {
    /// The file below the project's root, or beside an installed program.
    static let relativePaths = [".deps/vega.js", "vega.js"]

    /// The first that is found.
    public static func located() -> URL? {
        var directory = program?.deletingLastPathComponent().standardizedFileURL
        while let place = directory {
            for path in relativePaths {
                let file = place.appending(path: path)
                if FileManager.default.isReadableFile(atPath: file.path) { return file }
            }
            let parent = place.deletingLastPathComponent().standardizedFileURL
            directory = parent.path == place.path || place.path == "/" ? nil : parent
        }
        return nil
    }

    private static var program: URL? {
        #if os(Linux)
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        #else
        return Bundle.main.executableURL?.resolvingSymlinksInPath()
        #endif
    }
}
