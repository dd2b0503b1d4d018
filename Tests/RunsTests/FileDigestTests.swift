// Hashes against published vectors, and other programs' hashes.
import Foundation
import TestSupport
import Testing

@testable import Files
@testable import Runs

@Suite struct FileDigestTests {
    /// FIPS 180-4 examples, and the empty text.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func knownVectors(_ text: String, _ expected: String) throws {
        #expect(FileDigest(of: Data(text.utf8), name: "x").sha256 == expected)
        let directory = try TestDirectory()
        let file = try directory.write("file", text)
        #expect(try FileDigest(of: file) == FileDigest(name: "file", size: text.utf8.count, sha256: expected))
    }

    @Test(arguments: [(4 << 20) - 1, 4 << 20, (8 << 20) + 1])
    func piecesAreWhole(_ size: Int) throws {
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) })
        let directory = try TestDirectory()
        let file = try directory.write("file", bytes)
        let found = try FileDigest(of: file)
        #expect(found == FileDigest(of: bytes, name: "file"))
        #expect(try output(of: "/usr/bin/env", ["sha256sum", file.path])?.prefix(64) == found.sha256[...])
    }

    @Test func tokensByTheirIds() {
        // Of the bytes 2, 1, 258, 1, -1 as 64-bit integers, by Python's hashlib and struct.
        let digest = FileDigest(ofTokens: [[1, 258], [-1]], name: "tokens")
        #expect(digest.size == 40)
        #expect(digest.sha256 == "43056fe3ddbdf618b99488015fe478acb69df988efc235f85481ed52f7714e74")
        #expect(digest != FileDigest(ofTokens: [[1], [258, -1]], name: "tokens"))
    }

    @Test func aMissingFile() throws {
        let url = URL(filePath: "/no/such/file")
        #expect(throws: FileError(path: url.path, operation: .read, problem: .notFound)) {
            try FileDigest(of: url)
        }
    }
}
