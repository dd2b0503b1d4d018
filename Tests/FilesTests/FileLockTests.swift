// Locks between holders, partial files between attempts, links.
import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct FileLockTests {
    @Test func oneHolderAtATime() throws {
        let directory = try TestDirectory()
        var lock = try FileLock.attempt(directory("lock"))
        #expect(lock != nil)
        #expect(try FileLock.attempt(directory("lock")) == nil)
        lock = nil
        #expect(try FileLock.attempt(directory("lock")) != nil)
        #expect(try directory.contents() == ["lock"])
    }

    @Test func waitsAndSaysSoOnce() async throws {
        let directory = try TestDirectory()
        let url = directory("lock")
        var held = try FileLock.attempt(url)
        #expect(held != nil)
        var waits = 0
        let waiting = Task { try await Task.sleep(for: .milliseconds(120)) }
        let release = Task { [held] in
            _ = held
            try await waiting.value
        }
        held = nil
        _ = try await FileLock.acquire(url) { waits += 1 }
        try await release.value
        #expect(waits == 1)
    }

    @Test func anotherProcessHoldsIt() throws {
        let directory = try TestDirectory()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // The child inherits a locked descriptor: the lock is held until it ends.
        let descriptor = open(directory("lock").path, O_RDWR | O_CREAT, 0o600)
        #expect(flock(descriptor, LOCK_EX) == 0)
        process.arguments = ["-c", "read line"]
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle(fileDescriptor: descriptor)
        try process.run()
        close(descriptor)
        #expect(try FileLock.attempt(directory("lock")) == nil)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(try FileLock.attempt(directory("lock")) != nil)
    }

    @Test func noPlaceForALock() throws {
        let directory = try TestDirectory()
        let url = directory("none/lock")
        #expect(throws: FileError(path: url.path, operation: .write, problem: .notFound)) {
            try FileLock.attempt(url)
        }
    }
}

@Suite struct PartialFileTests {
    private func append(_ bytes: [UInt8], to file: PartialFile) throws {
        try bytes.withUnsafeBytes(file.append)
    }

    @Test func staysAndIsGoneOnWith() throws {
        let directory = try TestDirectory()
        var file: PartialFile? = try PartialFile(resuming: directory("part"))
        try append([1, 2, 3], to: #require(file))
        file = nil
        let again = try PartialFile(resuming: directory("part"))
        #expect(again.size == 3)
        try append([4], to: again)
        var bytes: [UInt8] = []
        try again.read { bytes.append(contentsOf: $0) }
        #expect(bytes == [1, 2, 3, 4])
        try again.commit(as: directory("whole"))
        #expect(try directory.contents() == ["whole"])
        #expect(try Data(contentsOf: directory("whole")) == Data([1, 2, 3, 4]))
    }

    @Test func beginsAnew() throws {
        let directory = try TestDirectory()
        let file = try PartialFile(resuming: directory.write("part", "old old old"))
        try file.empty()
        try append([9], to: file)
        #expect(file.size == 1)
        #expect(try Data(contentsOf: directory("part")) == Data([9]))
        file.remove()
        #expect(try directory.contents().isEmpty)
    }

    @Test func takesNothingButAFile() throws {
        let directory = try TestDirectory()
        _ = try directory.write("target", "precious")
        try SymbolicLink.make(at: directory("link"), to: "target")
        #expect(throws: FileError(path: directory("link").path, operation: .write, problem: .cyclicLink)) {
            try PartialFile(resuming: directory("link"))
        }
        #expect(throws: FileError(path: directory.url.path, operation: .write, problem: .isDirectory)) {
            try PartialFile(resuming: directory.url)
        }
    }
}

@Suite struct SymbolicLinkTests {
    @Test func replacesWhatIsThere() throws {
        let directory = try TestDirectory()
        _ = try directory.write("name", "old")
        try SymbolicLink.make(at: directory("name"), to: "../elsewhere")
        try SymbolicLink.make(at: directory("name"), to: "blob")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory("name").path) == "blob")
        let url = directory("none/link")
        #expect(throws: FileError(path: url.path, operation: .write, problem: .notFound)) {
            try SymbolicLink.make(at: url, to: "x")
        }
    }
}
