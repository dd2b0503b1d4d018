// Reading a small file whole.
//
// Promises: at most `limit` bytes are read, whatever the file claims or becomes meanwhile; no crash if it is
// shortened while it is read (unlike a map).

public import Foundation

/// Reads whole files of modest size, such as configurations and vocabularies.
public enum FileContents {
    /// The bytes of a regular file; throws ``FileError``, also if there are more than `limit`.
    public static func read(_ url: URL, limit: Int) throws -> [UInt8] {
        let path = SystemCall.path(of: url)
        let (descriptor, size) = try openRegularFile(path)
        defer { close(descriptor) }
        guard size <= limit else {
            throw FileError(path: path, operation: .read, problem: .tooLarge(size: size, limit: limit))
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &piece, piece.count)
            if count > 0 {
                bytes.append(contentsOf: piece[..<count])
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw FileError(path: path, operation: .read, code: errno)
            }
            // It may have grown since its size was asked.
            guard bytes.count <= limit else {
                let problem = FileError.Problem.tooLarge(size: bytes.count, limit: limit)
                throw FileError(path: path, operation: .read, problem: problem)
            }
        }
        guard bytes.count >= size else {
            let problem = FileError.Problem.shortRead(expected: size, found: bytes.count)
            throw FileError(path: path, operation: .read, problem: problem)
        }
        return bytes
    }
}
