// A file that is filled over several attempts, and gets its name when it is whole.
//
// Promises: bytes are only ever added behind those that are there, so what is on disk after any end of the process is
// a beginning of what was written. Unlike ``AtomicFile`` it stays when the process ends, to be gone on with.

public import Foundation

/// A file in the making. One thread at a time; two processes must agree who writes (see ``FileLock``).
public final class PartialFile {
    /// Where the unfinished file is.
    public let url: URL
    /// How many bytes are there.
    public private(set) var size: Int

    private var path: String { SystemCall.path(of: url) }
    private let descriptor: Int32

    /// Opens the file that an earlier attempt left at `url`, or makes an empty one; throws ``FileError``, also where
    /// something other than a regular file is in the way (a symbolic link is not followed).
    public init(resuming url: URL) throws {
        self.url = url
        let path = SystemCall.path(of: url)
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        do {
            let opened = try SystemCall.check { open(path, flags, 0o666) }
            do {
                var status = stat()
                try SystemCall.check { fstat(opened, &status) }
                try refuseIrregular(status, path: path, operation: .write)
                size = Int(status.st_size)
            } catch {
                close(opened)
                throw error
            }
            descriptor = opened
        } catch let failure as SystemCallFailure {
            throw FileError(path: path, operation: .write, code: failure.code)
        }
    }

    deinit { close(descriptor) }

    /// Calls `body` with all bytes that are there, in order and in pieces; throws ``FileError``.
    public func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while offset < size {
            let count = pread(descriptor, &piece, min(piece.count, size - offset), off_t(offset))
            if count > 0 {
                try piece.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                offset += count
            } else if count == 0 {
                let problem = FileError.Problem.shortRead(expected: size, found: offset)
                throw FileError(path: path, operation: .read, problem: problem)
            } else if errno != EINTR {
                throw FileError(path: path, operation: .read, code: errno)
            }
        }
    }

    /// Adds bytes at the end; throws ``FileError``. What was there before stays.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
        try attempt { () throws(SystemCallFailure) in try SystemCall.write(bytes, to: descriptor, at: size) }
        size += bytes.count
    }

    /// Throws away all bytes; throws ``FileError``.
    public func empty() throws {
        try attempt { () throws(SystemCallFailure) in try SystemCall.check { ftruncate(descriptor, 0) } }
        size = 0
    }

    /// Flushes the file to disk and gives it its name, replacing what has it; throws ``FileError``.
    public func commit(as final: URL) throws {
        try attempt { () throws(SystemCallFailure) in
            try SystemCall.check { fsync(descriptor) }
            try SystemCall.check { rename(path, SystemCall.path(of: final)) }
        }
    }

    /// Removes the file.
    public func remove() { unlink(path) }

    private func attempt(_ step: () throws(SystemCallFailure) -> Void) throws {
        do throws(SystemCallFailure) {
            try step()
        } catch {
            throw FileError(path: path, operation: .write, code: error.code)
        }
    }
}
