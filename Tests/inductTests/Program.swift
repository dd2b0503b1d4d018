// Runs the built program as a user would, in a directory of its own.
import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A finished run of the program.
struct Finished {
    var status: Int32
    var output: String
    var errors: String
}

/// The program, in a fresh working directory that goes away with this value.
final class Program {
    let directory: URL

    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Beside the test runner, in the build folder.
    static let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "induct")

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "induct-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// A model directory of the recorded fixtures.
    static func fixture(_ name: String) -> String {
        root.appending(path: "Tests/TransformersTests/Fixtures/\(name)").path
    }

    /// Writes a file into the working directory; gives its name.
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: directory.appending(path: name))
        return name
    }

    /// Runs the program to its end.
    func run(_ arguments: String...) throws -> Finished {
        try Self.run(Self.executable, arguments, in: directory)
    }

    /// Starts the program and hands back the running process.
    func start(_ arguments: String...) throws -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = Self.environment(in: directory)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs a shell command line in the working directory, `$INDUCT` being the program.
    func shell(_ command: String) throws -> Finished {
        try Self.run(
            URL(filePath: "/bin/sh"),
            ["-c", "INDUCT='\(Self.executable.path)'; " + command],
            in: directory
        )
    }

    /// Runs Python with the packages that set-up installs for tests.
    func python(_ script: String) throws -> Finished {
        try Self.run(Self.root.appending(path: ".deps/venv/bin/python"), ["-c", script], in: directory)
    }

    static let hasPython = FileManager.default.isExecutableFile(
        atPath: root.appending(path: ".deps/venv/bin/python").path
    )

    /// Names of what lies in the working directory, hidden files too.
    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() }
    }

    /// The user's environment, with an empty cache of models and no way out.
    private static func environment(in directory: URL) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HF_") }
        environment["HF_HOME"] = directory.appending(path: ".hf").path
        environment["HF_HUB_OFFLINE"] = "1"
        return environment
    }

    private static func run(_ executable: URL, _ arguments: [String], in directory: URL) throws -> Finished {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = environment(in: directory)
        // Files, not pipes: a full pipe would stop the program.
        let (output, errors) = (directory.appending(path: ".stdout"), directory.appending(path: ".stderr"))
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        return Finished(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}

/// A JSON object.
func object(_ text: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
}
