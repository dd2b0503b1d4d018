// Reading small files whole.

import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct FileContentsTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func wholeFile(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }
        let url = try directory.write("a", bytes)
        #expect(try FileContents.read(url, limit: count) == bytes)
    }

    @Test func oneByteTooMany() throws {
        let url = try directory.write("a", "12345678")
        #expect(throws: FileError(path: url.path, operation: .read, problem: .tooLarge(size: 8, limit: 7))) {
            _ = try FileContents.read(url, limit: 7)
        }
    }

    #if os(Linux)
    @Test func filesThatClaimNoSizeAreLimitedToo() throws {
        let url = URL(filePath: "/proc/self/maps")
        #expect(try FileContents.read(url, limit: 1 << 24).count > 0)
        #expect(throws: FileError.self) { _ = try FileContents.read(url, limit: 10) }
    }
    #endif
}
