// Where the Python with vl-convert is: INDUCT_PYTHON, else the environment that `make setup` creates, found
// by walking up from the running program (a build directory is inside the project) and from the current
// directory.

import Foundation

/// The places that a Python is looked for in.
struct PythonSearch: Sendable {
    /// The environment that `make setup` creates, below the project's root.
    static let relativePath = ".deps/venv/bin/python"
    static let variable = "INDUCT_PYTHON"

    var environment: [String: String]
    /// Directories to walk up from, in order.
    var starts: [URL]

    /// The surroundings of this process.
    static var here: PythonSearch {
        let current = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let executable = runningExecutable.map { $0.deletingLastPathComponent() }
        return PythonSearch(
            environment: ProcessInfo.processInfo.environment,
            starts: [executable, current].compactMap(\.self)
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
        for start in starts {
            var directory = start.standardizedFileURL
            while true {
                let candidate = directory.appending(path: Self.relativePath)
                if isExecutableFile(candidate) { return candidate }
                let parent = directory.deletingLastPathComponent().standardizedFileURL
                if parent.path == directory.path || directory.path == "/" { break }
                directory = parent
            }
        }
        throw .pythonNotFound(searched: starts.map { $0.path(percentEncoded: false) })
    }

    private func isExecutableFile(_ file: URL) -> Bool {
        let path = file.path(percentEncoded: false)
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && !isDirectory.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}
