// A run at work: results go into its directory part by part, and the receipt says which parts are whole.
//
// Promises: every file appears whole or not at all; a part is in the receipt only after all its files are in place. So
// whenever the process ends, what the receipt lists is there, and a resumed run does the rest. One process writes to a
// run at a time.

import Files
public import Foundation
import JSON

/// A run that is being written. One thread at a time.
public final class Run {
    /// Where its files go.
    public let directory: RunDirectory
    /// What has been written to metadata.json.
    public private(set) var receipt: Receipt

    private var lock: FileLock?
    private static let lockName = ".lock"

    /// Starts a run; a receipt that is in the directory from an earlier one is replaced.
    ///
    /// - Throws: ``RunError/inUse(path:)``, `FileError`.
    public init(_ question: Receipt.Question, in directory: RunDirectory, now: Date = Date()) throws {
        self.directory = directory
        lock = try Run.lock(directory.url)
        receipt = Receipt(question: question, state: .running, parts: [], times: .init(started: now))
        try writeReceipt()
    }

    /// Goes on with a run. A part is still finished if all its files are as they were written.
    ///
    /// - Throws: ``RunError``, `FileError`, `JSONError`.
    public init(resuming url: URL, with question: Receipt.Question) throws {
        directory = RunDirectory(existing: url)
        // Looked at before there is a lock, which would leave a file in a directory that is none of ours.
        try Run.check(RunStore.run(at: url).receipt, answers: question, at: url)
        lock = try Run.lock(url)
        // Another process may have been at work up to now.
        receipt = try Receipt(in: url)
        try Run.check(receipt, answers: question, at: url)
        receipt.parts.removeAll { part in !part.files.allSatisfy { $0.isUnchanged(in: url) } }
        receipt.state = .running
        receipt.times.finished = nil
        try writeReceipt()
    }

    private static func check(_ receipt: Receipt, answers question: Receipt.Question, at url: URL) throws {
        let differences = receipt.question.differences(from: question)
        guard differences.isEmpty else {
            throw RunError.otherQuestion(path: url.path, differences: differences)
        }
    }

    /// Whether a part is finished and must not be done again.
    public func isFinished(_ part: String) -> Bool { receipt.parts.contains { $0.name == part } }

    /// Does a part, unless it is finished: `body` computes and writes its files, then the receipt takes them up.
    ///
    /// - Returns: whether there was something to do.
    /// - Throws: what `body` throws, `FileError`.
    @discardableResult
    public func part(_ name: String, _ body: (PartWriter) throws -> Void) throws -> Bool {
        precondition(receipt.state == .running, "part \(name) of a run that is \(receipt.state.rawValue)")
        if isFinished(name) { return false }
        let writer = PartWriter(directory: directory.url)
        try body(writer)
        let files = try writer.files.map { file in
            Receipt.ResultFile(
                digest: try FileDigest(of: directory.url.appending(path: file.name), name: file.name),
                holdsTimes: file.holdsTimes
            )
        }
        // The same file from two parts would be whole for one and wrong for the other.
        let taken = Set(receipt.files.map(\.digest.name)).intersection(files.map(\.digest.name))
        precondition(taken.isEmpty, "\(taken.sorted()) belong to another part already")
        receipt.parts.append(Receipt.Part(name: name, files: files))
        try writeReceipt()
        return true
    }

    /// Marks the run as complete; throws `FileError`.
    public func complete(now: Date = Date()) throws { try end(as: .complete, now: now) }

    /// Marks the run as stopped before its end, to be resumed; throws `FileError`.
    public func interrupt(now: Date = Date()) throws { try end(as: .interrupted, now: now) }

    /// Takes the receipt of a run that failed away again, unless a part of it is whole.
    public func abandon() {
        guard receipt.parts.isEmpty else { return }
        unlink(directory.url.appending(path: Receipt.fileName).path)
        unlock()
    }

    private func end(as state: Receipt.State, now: Date) throws {
        precondition(receipt.state == .running, "a run that is \(receipt.state.rawValue) already")
        receipt.state = state
        receipt.times = Receipt.Times(started: receipt.times.started, finished: now)
        try writeReceipt()
        unlock()
    }

    private func unlock() {
        // While it is held: whoever opens it at this moment finds it gone and tries again.
        if lock != nil { unlink(directory.url.appending(path: Run.lockName).path) }
        lock = nil
    }

    private func writeReceipt() throws {
        try directory.write(Data(receipt.json.text.utf8), to: Receipt.fileName)
    }

    /// The lock; nil where the file system has none.
    private static func lock(_ directory: URL) throws -> FileLock? {
        do {
            if let lock = try FileLock.attempt(directory.appending(path: lockName)) { return lock }
        } catch {
            return nil
        }
        throw RunError.inUse(path: directory.path)
    }

    /// Whether a process writes to the run in this directory.
    static func isInUse(_ directory: URL) -> Bool { FileLock.isHeld(directory.appending(path: lockName)) }
}

/// Takes the result files of one part.
public final class PartWriter {
    private let directory: URL
    private(set) var files: [(name: String, holdsTimes: Bool)] = []

    init(directory: URL) { self.directory = directory }

    /// Writes a file; throws `FileError`.
    ///
    /// - Parameters:
    ///   - name: its path below the run's directory.
    ///   - holdsTimes: whether it differs from run to run.
    public func write(_ data: Data, to name: String, holdsTimes: Bool = false) throws {
        try AtomicFile.write(data, to: place(name, holdsTimes: holdsTimes))
    }

    /// Writes a file of text; throws `FileError`.
    public func write(_ text: String, to name: String, holdsTimes: Bool = false) throws {
        try write(Data(text.utf8), to: name, holdsTimes: holdsTimes)
    }

    /// Where a file goes that somebody else writes, whole or not at all, before the part is done; its directory is made.
    /// Throws `FileError`.
    public func place(_ name: String, holdsTimes: Bool = false) throws -> URL {
        precondition(isBelowDirectory(name) && name != Receipt.fileName, "no name for a result: \(name)")
        precondition(!files.contains { $0.name == name }, "\(name) is written twice in one part")
        let url = directory.appending(path: name)
        if name.contains("/") { try Directories.make(url.deletingLastPathComponent()) }
        files.append((name, holdsTimes))
        return url
    }
}

extension Receipt.ResultFile {
    /// Whether the file in a run's directory is the one that was written.
    func isUnchanged(in directory: URL) -> Bool {
        let file = directory.appending(path: digest.name)
        return (try? FileDigest(of: file, name: digest.name)) == digest
    }
}
