// What the tests of the renderer need: the project's Python, stand-ins for a Python that misbehaves, and the
// size of a PNG.

import Foundation
import TestSupport

@testable import Figures

enum DrawingBench {
    /// Why a test that draws for real is skipped.
    static let missing: String = """
        no Python with vl-convert: `make setup` creates .deps/venv in the project, and INDUCT_PYTHON names another
        """

    /// The Python of the project, found from this source file, or the one that INDUCT_PYTHON names.
    static let python: URL? = {
        let source = URL(filePath: #filePath).resolvingSymlinksInPath()
        let search = PythonSearch(
            environment: ProcessInfo.processInfo.environment,
            start: source.deletingLastPathComponent()
        )
        let python = try? search.python()
        if python == nil { print("SKIPPED drawing tests: \(missing)") }
        return python
    }()

    static var hasPython: Bool { python != nil }

    /// Runs `body` with an empty directory that is removed afterwards.
    static func withDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let directory = try TestDirectory()
        return try withExtendedLifetime(directory) { try body(directory.url.resolvingSymlinksInPath()) }
    }

    /// A program in `directory` that is the given shell script.
    static func program(_ script: String, in directory: URL, name: String = "python") throws -> URL {
        let file = directory.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file
    }

    /// The project's Python with `module` in place of vl_convert.
    static func python(with module: String, in directory: URL) throws -> URL {
        guard let python else { throw CocoaError(.fileNoSuchFile) }
        let versions = "def get_vegalite_versions(): return ['5.8', '6.1']\n"
        try Data((versions + module).utf8).write(to: directory.appending(path: "vl_convert.py"))
        return try program(
            "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='\(directory.path)' exec '\(python.path)' \"$@\"",
            in: directory
        )
    }

    /// Width and height in the header of a PNG file, nil for anything else.
    static func size(ofPNG data: Data) -> (width: Int, height: Int)? {
        let bytes = [UInt8](data.prefix(24))
        guard bytes.count == 24, bytes.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] else {
            return nil
        }
        func number(at start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(at: 16), number(at: 20))
    }
}
