// Where the Python with vl-convert is: INDUCT_PYTHON, else the environment that `make setup` creates, found
// by walking up from the running program (a build directory is inside the project, an installed program has one
// beside it). Never from the current directory: what lies there need not be the user's.

import Foundation

/// The places that a Python is looked for in.
struct PythonSearch: Sendable {
    /// The environment that `make setup` creates, below the project's root.
    static let relativePath = ".deps/venv/bin/python"
    static let variable = "INDUCT_PYTHON"

    var environment: [String: String]
    /// The directory to walk up from.
    var start: URL?

    /// The surroundings of this process.
    static var here: PythonSearch {
        PythonSearch(
            environment: ProcessInfo.processInfo.environment,
            start: runningExecutable?.deletingLastPathComponent()
        )
    }

    /// The program file of this process with symbolic links resolved: an installed link leads home.
    private static var runningExecutable: URL? {
        #if os(Linux)
        return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        #else
        return Bundle.main.executableURL?.resolvingSymlinksInPath()
        #endif
    }

    /// The first Python found. Its own symbolic links stay: a virtual environment's Python is a link, and
    /// resolving it would leave the environment.
    func python() throws(FigureRendererError) -> URL {
        if let path = environment[Self.variable], !path.isEmpty {
            let file = URL(filePath: path)
            guard isExecutableFile(file) else { throw .variableNotExecutable(path: path) }
            return file
        }
        guard var directory = start?.standardizedFileURL else { throw .pythonNotFound(searched: []) }
        while true {
            let candidate = directory.appending(path: Self.relativePath)
            if isExecutableFile(candidate) { return candidate }
            let parent = directory.deletingLastPathComponent().standardizedFileURL
            if parent.path == directory.path || directory.path == "/" { break }
            directory = parent
        }
        throw .pythonNotFound(searched: [start].compactMap { $0?.path(percentEncoded: false) })
    }

    private func isExecutableFile(_ file: URL) -> Bool {
        let path = file.path(percentEncoded: false)
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && !isDirectory.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}
