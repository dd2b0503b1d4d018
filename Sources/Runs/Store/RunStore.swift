// The runs in a directory.

public import Foundation
import JSON

/// A directory of run directories.
public struct RunStore: Sendable {
    /// Where.
    public let url: URL

    /// `outputs/runs` where nothing else is named.
    public init(_ url: URL = RunDirectory.parent) { self.url = url }

    /// A run that has a receipt.
    public struct StoredRun: Equatable, Sendable {
        /// Its directory.
        public let url: URL
        /// Its receipt.
        public let receipt: Receipt
        /// How far it has come: `running` only if a process is at work on it.
        public let state: Receipt.State
    }

    /// A directory that is no run.
    public struct Skipped: Equatable, Sendable, CustomStringConvertible {
        /// The directory or file.
        public let path: String
        /// Why, one sentence.
        public let reason: String

        /// One line.
        public var description: String { "\(path): \(reason)" }
    }

    /// All runs, the newest start first, and the directories that are none. A store that is not there has none.
    public func runs() -> (runs: [StoredRun], skipped: [Skipped]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        var runs: [StoredRun] = []
        var skipped: [Skipped] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let directory = url.appending(path: name)
            guard isDirectory(directory) else { continue }
            do {
                runs.append(try RunStore.run(at: directory))
            } catch {
                skipped.append(Skipped(path: directory.relativePath, reason: "\(error)"))
            }
        }
        runs.sort { first, second in
            let (a, b) = (first.receipt.times.started, second.receipt.times.started)
            if a != b { return a > b }
            return first.url.lastPathComponent.compare(second.url.lastPathComponent, options: .numeric)
                == .orderedDescending
        }
        return (runs, skipped)
    }

    /// The run in one directory.
    ///
    /// - Throws: ``RunError/noReceipt(path:)``, `FileError`, `JSONError`.
    public static func run(at directory: URL) throws -> StoredRun {
        guard FileManager.default.fileExists(atPath: directory.appending(path: Receipt.fileName).path) else {
            throw RunError.noReceipt(path: directory.path)
        }
        let receipt = try Receipt(in: directory)
        let hasStopped = receipt.state == .running && !Run.isInUse(directory)
        return StoredRun(url: directory, receipt: receipt, state: hasStopped ? .interrupted : receipt.state)
    }

    private func isDirectory(_ url: URL) -> Bool {
        var result: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &result) && result.boolValue
    }
}
