// All or nothing: what is on disk after success and after every kind of failure.

import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicFileTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func mode(_ name: String) throws -> mode_t {
        try SystemCall.status(of: directory(name).path).st_mode & 0o777
    }

    private func problem(_ body: () throws -> Void) -> FileError.Problem? {
        do {
            try body()
            return nil
        } catch {
            #expect((error as? FileError)?.operation == .write)
            return (error as? FileError)?.problem
        }
    }

    @Test func nothingUnderTheNameUntilCommitted() throws {
        let file = try AtomicFile(replacing: directory("out.json"))
        try file.write(Data("one ".utf8))
        try file.write(Data("two".utf8))
        let during = try directory.contents()
        #expect(during.count == 1)
        #expect(during.first?.wholeMatch(of: /\.out\.json\.[0-9]+-[0-9a-f]+\.partial/) != nil)
        #expect(TemporaryFiles.unfinished.contains(directory(during[0]).path))
        try file.commit()
        #expect(try directory.contents() == ["out.json"])
        #expect(try directory.text("out.json") == "one two")
        #expect(!TemporaryFiles.unfinished.contains(directory(during[0]).path))
    }

    @Test func bytesAtPlaces() throws {
        let file = try AtomicFile(replacing: directory("a"))
        try file.reserve(size: 12)
        try Data("END".utf8).withUnsafeBytes { try file.write($0, at: 9) }
        try file.write(Data("start".utf8))
        try Data("mid".utf8).withUnsafeBytes { try file.write($0, at: 6) }
        try file.write(Data("!".utf8))
        try file.commit()
        #expect(try directory.text("a") == "start!midEND")
    }

    @Test func aDroppedFileLeavesTheOldOne() throws {
        _ = try directory.write("a", "old")
        do {
            let file = try AtomicFile(replacing: directory("a"))
            try file.write(Data("new".utf8))
        }
        #expect(try directory.contents() == ["a"])
        #expect(try directory.text("a") == "old")
    }

    @Test func discarding() throws {
        let file = try AtomicFile(replacing: directory("a"))
        file.discard()
        file.discard()
        #expect(try directory.contents() == [])
    }

    @Test func permissions() throws {
        // What any new file gets.
        let descriptor = open(directory("plain").path, O_CREAT | O_WRONLY, 0o666)
        close(descriptor)
        try AtomicFile.write("x", to: directory("new"))
        #expect(try mode("new") == mode("plain"))

        for permissions: mode_t in [0o600, 0o755, 0o666] {
            _ = try directory.write("old", "old")
            chmod(directory("old").path, permissions)
            try AtomicFile.write("x", to: directory("old"))
            #expect(try mode("old") == permissions)
            #expect(try directory.text("old") == "x")
        }
    }

    @Test func linksAreFollowed() throws {
        try FileManager.default.createDirectory(at: directory("sub"), withIntermediateDirectories: false)
        _ = try directory.write("sub/target", "old")
        #expect(symlink("sub/target", directory("link").path) == 0)
        #expect(symlink(directory("link").path, directory("linklink").path) == 0)
        #expect(symlink("sub/fresh", directory("dangling").path) == 0)
        try AtomicFile.write("new", to: directory("linklink"))
        try AtomicFile.write("fresh", to: directory("dangling"))
        #expect(try directory.text("sub/target") == "new")
        #expect(try directory.text("sub/fresh") == "fresh")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: directory("link").path) == "sub/target"
        )
    }

    @Test func refusals() throws {
        _ = try directory.write("file", "x")
        #expect(mkfifo(directory("pipe").path, 0o600) == 0)
        #expect(symlink("b", directory("a").path) == 0)
        #expect(symlink("a", directory("b").path) == 0)
        let before = try directory.contents()
        func refusal(_ url: URL) -> FileError.Problem? { problem { try AtomicFile.write("x", to: url) } }

        #expect(refusal(directory.url) == .isDirectory)
        #expect(refusal(directory("none/file")) == .notFound)
        #expect(refusal(directory("file/below")) == .parentIsNotDirectory)
        #expect(refusal(directory("pipe")) == .notRegularFile(kind: "named pipe"))
        #expect(refusal(directory("a")) == .cyclicLink)
        #expect(refusal(URL(filePath: "/dev/null")) == .notRegularFile(kind: "character device"))
        #expect(refusal(directory(String(repeating: "n", count: 256))) == .nameTooLong)
        #expect(try directory.contents() == before)
        // As long as a name may be: the temporary one is shortened.
        #expect(refusal(directory(String(repeating: "n", count: 255))) == nil)
        #expect(refusal(directory(String(repeating: "é", count: 127))) == nil)
    }

    @Test func protectedFilesAndDirectories() async throws {
        let file = try directory.write("file", "old")
        chmod(file.path, 0o444)
        chmod(directory.url.path, 0o777)
        await #expect(processExitsWith: .success) { [path = file.path as String] in
            try stopBeingRoot()
            let error = FileError(path: path, operation: .write, problem: .permissionDenied)
            #expect(throws: error) { try AtomicFile.write("x", to: URL(filePath: path)) }
        }
        chmod(directory.url.path, 0o555)
        await #expect(processExitsWith: .success) { [path = directory("new").path as String] in
            try stopBeingRoot()
            let error = FileError(path: path, operation: .write, problem: .permissionDenied)
            #expect(throws: error) { try AtomicFile.write("x", to: URL(filePath: path)) }
        }
        chmod(directory.url.path, 0o755)
        #expect(try directory.contents() == ["file"])
        #expect(try directory.text("file") == "old")
    }

    #if os(Linux)
    @Test func aFullDiskLeavesNothing() throws {
        _ = try directory.write("a", "old")
        let file = try AtomicFile(replacing: directory("a"))
        // Every write to this device fails for lack of space.
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        #expect(dup2(full, try #require(file.descriptor)) >= 0)
        #expect(problem { try file.write(Data("x".utf8)) } == .diskFull)
        #expect(try directory.contents() == ["a"])
        #expect(try directory.text("a") == "old")
    }
    #endif

    @Test func aVanishedDirectory() throws {
        try FileManager.default.createDirectory(at: directory("sub"), withIntermediateDirectories: false)
        let file = try AtomicFile(replacing: directory("sub/a"))
        try file.write(Data("x".utf8))
        try FileManager.default.removeItem(at: directory("sub"))
        #expect(problem { try file.commit() } == .notFound)
        #expect(TemporaryFiles.unfinished.allSatisfy { !$0.hasPrefix(directory.url.path) })
    }

    @Test func aDirectoryPutInTheWay() throws {
        let file = try AtomicFile(replacing: directory("a"))
        try FileManager.default.createDirectory(at: directory("a"), withIntermediateDirectories: false)
        #expect(problem { try file.commit() } == .isDirectory)
        #expect(try directory.contents() == ["a"])
    }
}
