// Thin helpers over the system calls of this module: paths, file kinds, and complete reads and writes.
//
// Promises: interrupted calls (EINTR) are repeated, partial transfers are continued, and a failure carries
// the value of `errno` as it was right after the call.

import Foundation

/// A failed system call: the value of `errno`.
struct SystemCallFailure: Error {
    let code: Int32
}

enum SystemCall {
    /// What `open` asks for: descriptors are never passed on to child processes.
    static let readFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK

    /// The path of a file URL, absolute, without a trailing slash.
    static func path(of url: URL) -> String {
        precondition(url.isFileURL, "\(url) is not a file URL: use URL(filePath:)")
        return url.path
    }

    /// Repeats a call that a signal interrupted, and turns -1 into a failure.
    @discardableResult
    static func check(_ call: () -> Int32) throws(SystemCallFailure) -> Int32 {
        while true {
            let result = call()
            if result != -1 { return result }
            let code = errno
            if code != EINTR { throw SystemCallFailure(code: code) }
        }
    }

    /// `stat`, following links.
    static func status(of path: String) throws(SystemCallFailure) -> stat {
        var status = stat()
        try check { stat(path, &status) }
        return status
    }

    /// The name of a kind of file that is neither regular nor a directory; nil for those two.
    static func specialKind(_ status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFDIR: nil
        case S_IFIFO: "named pipe"
        case S_IFSOCK: "socket"
        case S_IFCHR: "character device"
        case S_IFBLK: "block device"
        default: "special file"
        }
    }

    /// Whether it is a directory.
    static func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    /// Writes all bytes, at the current position, or at `offset` if there is one.
    static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        at offset: Int? = nil
    ) throws(SystemCallFailure) {
        // One call takes at most 2 GiB on Linux and macOS.
        let most = 1 << 30
        var done = 0
        while done < bytes.count {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[done..<min(done + most, bytes.count)])
            let count =
                if let offset {
                    pwrite(descriptor, piece.baseAddress, piece.count, off_t(offset + done))
                } else {
                    Foundation.write(descriptor, piece.baseAddress, piece.count)
                }
            if count > 0 {
                done += count
            } else if count == 0 {
                // Allowed by POSIX only for an odd device; without this the loop would not end.
                throw SystemCallFailure(code: EIO)
            } else if errno != EINTR {
                throw SystemCallFailure(code: errno)
            }
        }
    }
}

/// Opens a regular file for reading, refusing directories, pipes, sockets and devices.
/// The caller closes the descriptor.
func openRegularFile(_ path: String) throws -> (descriptor: Int32, size: Int) {
    do {
        // Looked at before opening, since opening a device may act on it; looked at again after, since the
        // path may have changed meanwhile. O_NONBLOCK keeps a pipe that slips in between from blocking.
        try refuseIrregular(SystemCall.status(of: path), path: path, operation: .read)
        let descriptor = try SystemCall.check { open(path, SystemCall.readFlags) }
        do {
            var status = stat()
            try SystemCall.check { fstat(descriptor, &status) }
            try refuseIrregular(status, path: path, operation: .read)
            return (descriptor, Int(status.st_size))
        } catch {
            close(descriptor)
            throw error
        }
    } catch let failure as SystemCallFailure {
        throw FileError(path: path, operation: .read, code: failure.code)
    }
}

/// Throws unless `status` is that of a regular file.
func refuseIrregular(_ status: stat, path: String, operation: FileError.Operation) throws {
    if SystemCall.isDirectory(status) {
        throw FileError(path: path, operation: operation, problem: .isDirectory)
    }
    if let kind = SystemCall.specialKind(status) {
        throw FileError(path: path, operation: operation, problem: .notRegularFile(kind: kind))
    }
}
