// A file that appears under its name complete, or not at all.
//
// Promises: bytes go to a hidden sibling (`.name.<process>-<random>.partial`); `commit` flushes it to disk
// and renames it over the target. Whatever goes wrong before (an error, a full disk, an interruption, an
// object that is simply dropped), the old file is untouched and the sibling is removed. A new file gets the
// permissions that any new file gets (umask); a replaced one keeps its own. A symbolic link is followed: what
// it points to is replaced.

public import Foundation

/// Writes one file atomically. Not for use from two threads at once.
public final class AtomicFile {
    /// Where the finished file will be.
    public let url: URL

    let temporaryPath: String
    /// Open until the file is committed or discarded; then nil.
    private(set) var descriptor: Int32?
    private let finalPath: String
    private var path: String { SystemCall.path(of: url) }

    /// Starts a file that will replace whatever regular file is at `url`; throws ``FileError``.
    public init(replacing url: URL) throws {
        self.url = url
        let path = SystemCall.path(of: url)
        do {
            finalPath = try AtomicFile.followLinks(path)
            let mode = try AtomicFile.permissions(replacing: finalPath, named: path)
            let sibling = try AtomicFile.createSibling(of: finalPath, permissions: mode)
            temporaryPath = sibling.path
            descriptor = sibling.descriptor
        } catch let failure as SystemCallFailure {
            throw FileError(path: path, operation: .write, code: failure.code)
        }
    }

    deinit { discard() }

    /// Writes `data` to `url` in one go; throws ``FileError``.
    public static func write(_ data: Data, to url: URL) throws {
        let file = try AtomicFile(replacing: url)
        try file.write(data)
        try file.commit()
    }

    /// Writes `text` to `url` as UTF-8 in one go; throws ``FileError``.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    /// Adds bytes after those written before by this method; throws ``FileError`` and discards the file.
    /// Nothing is buffered here: write pieces of some size.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        try attempt { descriptor throws(SystemCallFailure) in
            try SystemCall.write(bytes, to: descriptor)
        }
    }

    /// Adds `data` after the bytes written before by this method; throws ``FileError`` and discards the file.
    public func write(_ data: Data) throws {
        try data.withUnsafeBytes { try write($0) }
    }

    /// Writes bytes at `offset` from the start of the file, whatever was written before, and leaves the place
    /// where ``write(_:)-(Data)`` goes on as it was; throws ``FileError`` and discards the file.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        precondition(offset >= 0, "offset \(offset) lies before the file")
        try attempt { descriptor throws(SystemCallFailure) in
            try SystemCall.write(bytes, to: descriptor, at: offset)
        }
    }

    /// Makes the file `size` bytes long, and reserves the room on disk where the file system can do that, so
    /// that a disk that is too small is found before the work and not after it; throws ``FileError`` and
    /// discards the file.
    public func reserve(size: Int) throws {
        precondition(size >= 0, "a file of \(size) bytes")
        try attempt { descriptor throws(SystemCallFailure) in
            try SystemCall.check { ftruncate(descriptor, off_t(size)) }
            #if os(Linux)
            guard size > 0 else { return }
            var code: Int32
            repeat { code = posix_fallocate(descriptor, 0, off_t(size)) } while code == EINTR
            // Other codes mean that the file system cannot reserve: it will tell at the write.
            if [ENOSPC, EDQUOT, EFBIG].contains(code) { throw SystemCallFailure(code: code) }
            #endif
        }
    }

    /// Flushes the file to disk and gives it its name; throws ``FileError`` and discards the file.
    public func commit() throws {
        try attempt { descriptor throws(SystemCallFailure) in
            try SystemCall.check { fsync(descriptor) }
            // close may report a write that failed late (network file systems). The descriptor is gone either
            // way.
            self.descriptor = nil
            if close(descriptor) == -1, errno != EINTR { throw SystemCallFailure(code: errno) }
            try TemporaryFiles.rename(temporaryPath, to: finalPath)
        }
        AtomicFile.flushDirectory(of: finalPath)
    }

    /// Removes what was written. Does nothing after ``commit()``.
    public func discard() {
        guard let descriptor else { return }
        self.descriptor = nil
        close(descriptor)
        TemporaryFiles.remove(temporaryPath)
    }

    /// Runs one step; if it fails, nothing of the file is left.
    private func attempt(_ step: (Int32) throws(SystemCallFailure) -> Void) throws {
        guard let descriptor else {
            preconditionFailure("\(path) has been committed or discarded already")
        }
        do throws(SystemCallFailure) {
            try step(descriptor)
        } catch {
            discard()
            // `commit` closes the descriptor before its last step can fail.
            TemporaryFiles.remove(temporaryPath)
            throw FileError(path: path, operation: .write, code: error.code)
        }
    }
}

extension AtomicFile {
    /// The path at the end of a chain of symbolic links, which need not exist.
    private static func followLinks(_ path: String) throws -> String {
        var path = path
        // As many as Linux itself follows.
        for _ in 0..<40 {
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &target, target.count)
            // Not a link, or nothing there: the end of the chain. Other errors show when the path is used.
            guard count > 0 else { return path }
            let link = String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            path = link.hasPrefix("/") ? link : directory(of: path) + "/" + link
        }
        throw SystemCallFailure(code: ELOOP)
    }

    /// The permissions of the regular file that will be replaced; nil if there is none.
    private static func permissions(replacing target: String, named path: String) throws -> mode_t? {
        let old: stat
        do {
            old = try SystemCall.status(of: target)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        try refuseIrregular(old, path: path, operation: .write)
        // A rename would get round the protection of a file that its owner made read-only.
        try SystemCall.check { access(target, W_OK) }
        return old.st_mode & 0o777
    }

    private static func createSibling(
        of path: String,
        permissions: mode_t?
    ) throws -> (path: String, descriptor: Int32) {
        let name = path.split(separator: "/").last.map(String.init) ?? "file"
        // File systems allow names of 255 bytes: leave room for what is put around this one.
        var stem = Substring(name)
        while stem.utf8.count > 200 { stem.removeLast() }
        // 64 random bits do not meet a file that is there already; if they do, the error says so.
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        let sibling = "\(directory(of: path))/.\(stem).\(getpid())-\(random).partial"
        // A secret file's replacement must not be readable by others at any moment: created with its mode.
        let descriptor = try TemporaryFiles.create(sibling, mode: permissions ?? 0o666)
        if let permissions { _ = fchmod(descriptor, permissions) }
        return (sibling, descriptor)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    /// Makes the new name itself last through a power cut. The file is in place already, and some file
    /// systems cannot flush a directory, so a failure here is not reported.
    private static func flushDirectory(of path: String) {
        let descriptor = open(directory(of: path) + "/", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
