// Where the Python with vl-convert is: INDUCT_PYTHON, else the environment that `make setup` creates.

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
            start: SetUpFiles.start
        )
    }

    /// The first Python found. Its own symbolic links stay: a virtual environment's Python is a link, and
    /// resolving it would leave the environment.
    func python() throws(FigureRendererError) -> URL {
        if let path = environment[Self.variable], !path.isEmpty {
            let file = URL(filePath: path)
            guard isExecutableFile(file) else { throw .variableNotExecutable(path: path) }
            return file
        }
        if let file = SetUpFiles.first(Self.relativePath, from: start, where: isExecutableFile) {
            return file
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
