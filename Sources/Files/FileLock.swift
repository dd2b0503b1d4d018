// A lock that processes agree on, by `flock` on a file of that name: the same as Python's `filelock` takes.
//
// Promises: at most one holder, in this process or another; the system takes the lock back from a process that ends.
// The lock file stays: removing it would let a second process lock a new file of the same name.

public import Foundation

/// A held lock, until the object is dropped.
public final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// The lock on the file at `url`, which is made if it is not there; nil if somebody else holds it. Throws
    /// ``FileError``, also where the file system has no locks.
    public static func attempt(_ url: URL) throws -> FileLock? {
        let path = SystemCall.path(of: url)
        do throws(SystemCallFailure) {
            let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            // Writable for the group, so that users who share a directory can wait for each other.
            let lock = FileLock(descriptor: try SystemCall.check { open(path, flags, 0o664) })
            if flock(lock.descriptor, LOCK_EX | LOCK_NB) == 0 { return lock.isStill(at: path) ? lock : nil }
            guard [EWOULDBLOCK, EACCES, EINTR].contains(errno) else { throw SystemCallFailure(code: errno) }
            return nil
        } catch {
            throw FileError(path: path, operation: .write, code: error.code)
        }
    }

    /// Whether somebody holds the lock on the file at `url`. A lock that can be had is nobody's; it is given back at once.
    public static func isHeld(_ url: URL) -> Bool {
        guard FileManager.default.fileExists(atPath: url.path) else { return false }
        do { return try attempt(url) == nil } catch { return false }
    }

    /// Waits for the lock; throws ``FileError``, or `CancellationError`.
    ///
    /// - Parameter onWait: called once, if somebody else holds it.
    public static func acquire(_ url: URL, onWait: () -> Void = {}) async throws -> FileLock {
        var hasWaited = false
        while true {
            if let lock = try attempt(url) { return lock }
            if !hasWaited { onWait() }
            hasWaited = true
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Whether the locked file has its name still: somebody may have removed it between opening and locking.
    private func isStill(at path: String) -> Bool {
        var (held, named) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
