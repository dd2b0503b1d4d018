// The list of unfinished files.

import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct TemporaryFilesTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private var mine: [String] { TemporaryFiles.unfinished.filter { $0.hasPrefix(directory.url.path) } }

    @Test func listedWhileItExists() throws {
        let path = directory("a").path
        let descriptor = try TemporaryFiles.create(path, mode: 0o600)
        close(descriptor)
        #expect(mine == [path])
        TemporaryFiles.remove(path)
        #expect(mine == [])
        #expect(try directory.contents() == [])
    }

    @Test func aFileThatExistsIsNeitherTakenNorListed() throws {
        let url = try directory.write("a", "mine")
        #expect(throws: SystemCallFailure.self) { _ = try TemporaryFiles.create(url.path, mode: 0o600) }
        #expect(mine == [])
        #expect(try directory.text("a") == "mine")
    }

    @Test func aFileIsListedUntilItHasItsName() throws {
        let path = directory("a").path
        close(try TemporaryFiles.create(path, mode: 0o600))
        #expect(throws: SystemCallFailure.self) {
            try TemporaryFiles.rename(path, to: directory("none/b").path)
        }
        #expect(mine == [path])
        try TemporaryFiles.rename(path, to: directory("b").path)
        #expect(mine == [])
        #expect(try directory.contents() == ["b"])
    }
}
