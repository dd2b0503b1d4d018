// What a file holds, in 64 digits: SHA-256 of its bytes.
//
// Promises: memory does not grow with the file; bytes are read from the file itself every time. (Nothing is remembered
// between calls: size, time and inode can all stay the same while the contents change.) Cost: about one second for every
// one to two gigabytes that the system has in memory, else what the disk gives.

import Crypto
import Files
public import Foundation

/// A file's name, size and hash.
public struct FileDigest: Equatable, Sendable {
    /// Its name, or its path below the directory that it belongs to.
    public let name: String
    /// Bytes.
    public let size: Int
    /// 64 hexadecimal digits.
    public let sha256: String

    /// All fields.
    public init(name: String, size: Int, sha256: String) {
        self.name = name
        self.size = size
        self.sha256 = sha256
    }

    /// Of bytes in memory.
    public init(of bytes: some DataProtocol, name: String) {
        self.init(name: name, size: bytes.count, sha256: hexadecimal(SHA256.hash(data: bytes)))
    }

    /// Of a file, called `name` or else as it is.
    ///
    /// - Throws: `FileError`.
    public init(of file: URL, name: String? = nil) throws {
        let map = try MappedFile(file)
        map.expectSequentialReads()
        var hash = SHA256()
        // Pages are given back piece by piece: weights are as large as memory at times.
        let piece = 4 << 20
        for start in stride(from: 0, to: map.count, by: piece) {
            let range = start..<min(start + piece, map.count)
            map.withUnsafeBytes(in: range) { hash.update(bufferPointer: $0) }
            map.release(range)
        }
        self.init(
            name: name ?? file.lastPathComponent,
            size: map.count,
            sha256: hexadecimal(hash.finalize())
        )
    }

    /// Of token ids: of each prompt its number of ids, then the ids, all as 64-bit integers, little endian. The same ids
    /// have the same digest, wherever they are from.
    public init(ofTokens prompts: [[Int]], name: String) {
        var bytes = Data()
        func append(_ value: Int) {
            withUnsafeBytes(of: Int64(value).littleEndian) { bytes.append(contentsOf: $0) }
        }
        for prompt in prompts {
            append(prompt.count)
            prompt.forEach(append)
        }
        self.init(of: bytes, name: name)
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
