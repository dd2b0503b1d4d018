// Whether bytes are those that the hub announced: its name for a version of a file is a hash of the contents.

import Crypto
import Foundation

/// A running hash of a file, of the kind that its version's name asks for.
struct BlobDigest {
    /// 64 hexadecimal digits are the SHA-256 of a large file's contents; 40 are what git calls the file: the SHA-1 of
    /// `blob <size>`, a zero byte, and the contents. Other names (of mirrors) say nothing about the contents.
    private enum Kind {
        case sha256(SHA256)
        case git(Insecure.SHA1)
        case none
    }

    private let version: String
    private var kind: Kind

    /// - Parameter size: of the whole file.
    init(version: String, size: Int) {
        self.version = version
        if HubNames.isHexadecimal(version, count: 64) {
            kind = .sha256(SHA256())
        } else if HubNames.isHexadecimal(version, count: 40) {
            var hash = Insecure.SHA1()
            hash.update(data: Data("blob \(size)\0".utf8))
            kind = .git(hash)
        } else {
            kind = .none
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case .sha256(var hash):
            kind = .none
            hash.update(bufferPointer: bytes)
            kind = .sha256(hash)
        case .git(var hash):
            kind = .none
            hash.update(bufferPointer: bytes)
            kind = .git(hash)
        case .none: break
        }
    }

    /// What was expected and what was found, if they differ.
    func mismatch() -> (expected: String, found: String)? {
        let (name, found): (String, String)
        switch kind {
        case .sha256(let hash): (name, found) = ("SHA-256", hexadecimal(hash.finalize()))
        case .git(let hash): (name, found) = ("git hash", hexadecimal(hash.finalize()))
        case .none: return nil
        }
        return found == version ? nil : ("\(name) \(version)", found)
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
