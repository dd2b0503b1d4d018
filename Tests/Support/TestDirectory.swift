// A fresh directory for one test, removed afterwards.

public import Foundation

/// A directory of its own, which lives as long as this object.
public final class TestDirectory {
    /// Where it is.
    public let url: URL

    /// Makes an empty directory.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "test-\(UUID().uuidString)",
            directoryHint: .isDirectory
        )
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The place of a file in it.
    public func callAsFunction(_ name: String) -> URL { url.appending(path: name) }

    /// Writes a file; returns its place.
    public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
        try Data(bytes).write(to: self(name))
        return self(name)
    }

    /// Writes a file; returns its place.
    public func write(_ name: String, _ text: String) throws -> URL { try write(name, text.utf8) }

    /// Everything in it, hidden files too, sorted.
    public func contents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    /// The text of a file.
    public func text(_ name: String) throws -> String { try String(contentsOf: self(name), encoding: .utf8) }
}
