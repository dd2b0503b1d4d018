// Maps of files, and what may not be mapped or read.

import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct MappedFileTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test func bytesAreTheFiles() throws {
        let file = try MappedFile(directory.write("a", "attention"))
        #expect(file.count == 9)
        #expect(file.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == "attention")
        #expect(file.withUnsafeBytes(in: 2..<6) { String(decoding: $0, as: UTF8.self) } == "tent")
    }

    @Test func emptyFile() throws {
        let file = try MappedFile(directory.write("a", ""))
        #expect(file.count == 0)
        #expect(file.withUnsafeBytes { $0.isEmpty })
        file.release(0..<0)
        file.willNeed(0..<0)
        file.expectSequentialReads()
    }

    @Test func theMapOutlivesAReplacement() throws {
        let url = try directory.write("a", "old")
        let file = try MappedFile(url)
        try AtomicFile.write("new, longer", to: url)
        #expect(file.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == "old")
    }

    @Test(arguments: [0..<1, 1..<40_000, 4096..<8192, 4095..<12_289, 40_000..<100_001, 0..<100_001])
    func releasedBytesStayReadable(range: Range<Int>) throws {
        let bytes = (0..<100_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try Data(bytes).write(to: directory("a"))
        let file = try MappedFile(directory("a"))
        file.willNeed(range)
        #expect(file.withUnsafeBytes { $0.elementsEqual(bytes) })
        file.release(range)
        #expect(file.withUnsafeBytes { $0.elementsEqual(bytes) })
    }

    #if os(Linux)
    @Test func releasedPagesLeaveMemory() throws {
        let size = 24 << 20
        try Data(repeating: 7, count: size).write(to: directory("a"))
        let file = try MappedFile(directory("a"))
        let sum = file.withUnsafeBytes { $0.reduce(into: 0) { $0 += Int($1) } }
        #expect(sum == 7 * size)
        let resident = try residentBytes(of: "/a")
        #expect(resident >= size)
        file.release(1..<size - 1)
        // The first page is not wholly inside, and neighbours of touched pages are mapped along.
        #expect(try residentBytes(of: "/a") <= 128 << 10)
    }

    /// Resident bytes of this test's mapped file, as the kernel counts them.
    private func residentBytes(of suffix: String) throws -> Int {
        let path = directory.url.path + suffix
        let maps = try FileContents.read(URL(filePath: "/proc/self/smaps"), limit: 1 << 26)
        let lines = String(decoding: maps, as: UTF8.self).split(separator: "\n")
        let start = try #require(lines.firstIndex { $0.hasSuffix(path) })
        let line = try #require(lines[start...].first { $0.hasPrefix("Rss:") })
        return try #require(Int(line.split(separator: " ")[1])) * 1024
    }
    #endif

    /// Every way to read refuses the same things with the same error.
    private func refusal(of url: URL) -> FileError.Problem? {
        func problem(_ body: () throws -> Void) -> FileError? {
            do {
                try body()
                return nil
            } catch { return error as? FileError }
        }
        let mapped = problem { _ = try MappedFile(url) }
        let read = problem { _ = try FileContents.read(url, limit: 100) }
        #expect(mapped == read)
        #expect(mapped?.path == url.path)
        #expect(mapped?.operation == .read)
        return mapped?.problem
    }

    @Test func refusals() throws {
        let file = try directory.write("file", "x")
        #expect(refusal(of: directory("none")) == .notFound)
        #expect(refusal(of: directory.url) == .isDirectory)
        #expect(refusal(of: file.appending(path: "below")) == .parentIsNotDirectory)
        #expect(refusal(of: directory(String(repeating: "n", count: 300))) == .nameTooLong)
        #expect(refusal(of: URL(filePath: "/dev/zero")) == .notRegularFile(kind: "character device"))

        // Opening a pipe that nobody writes to would wait for ever.
        #expect(mkfifo(directory("pipe").path, 0o600) == 0)
        #expect(refusal(of: directory("pipe")) == .notRegularFile(kind: "named pipe"))

        #expect(symlink("b", directory("a").path) == 0)
        #expect(symlink("a", directory("b").path) == 0)
        #expect(refusal(of: directory("a")) == .cyclicLink)
        #expect(symlink("none", directory("dangling").path) == 0)
        #expect(refusal(of: directory("dangling")) == .notFound)
    }

    @Test func unreadableFile() async throws {
        let file = try directory.write("file", "x")
        chmod(file.path, 0)
        chmod(directory.url.path, 0o755)
        await #expect(processExitsWith: .success) { [path = file.path as String] in
            try stopBeingRoot()
            let error = FileError(path: path, operation: .read, problem: .permissionDenied)
            #expect(throws: error) { _ = try MappedFile(URL(filePath: path)) }
            #expect(throws: error) { _ = try FileContents.read(URL(filePath: path), limit: 100) }
        }
    }

    @Test func noDescriptorIsLeftOpen() throws {
        let file = try directory.write("file", "xyz")
        let limit = 3000
        for _ in 0..<limit {
            _ = try MappedFile(file)
            #expect(throws: FileError.self) { _ = try FileContents.read(file, limit: 2) }
            #expect(throws: FileError.self) { _ = try MappedFile(directory.url) }
        }
        let descriptor = open(file.path, O_RDONLY)
        #expect(descriptor >= 0 && descriptor < limit)
        close(descriptor)
    }
}
