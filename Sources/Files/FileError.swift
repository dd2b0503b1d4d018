// The one error type of the file layer.
//
// Promises: every failure names the path that the caller gave, what was being done with it, what went wrong,
// and what the user can do about it, in one paragraph. Programmer mistakes are not errors: they trap.

import Foundation

/// A file that could not be read or written.
public struct FileError: Error, Equatable, Sendable {
    /// What was being done with the file.
    public enum Operation: String, Equatable, Sendable {
        /// Opening, reading or mapping.
        case read
        /// Creating, writing or putting the finished file in place.
        case write
    }

    /// What went wrong.
    public enum Problem: Equatable, Sendable {
        /// Nothing at that path; for a write, no such directory.
        case notFound
        /// A directory where a file was expected.
        case isDirectory
        /// A part of the path that should be a directory is a file.
        case parentIsNotDirectory
        /// A pipe, socket or device, named in `kind`, where a regular file was expected.
        case notRegularFile(kind: String)
        /// The user may not do this.
        case permissionDenied
        /// The file system is mounted read-only.
        case readOnlyFileSystem
        /// No space, or no quota, left on the device.
        case diskFull
        /// Bigger than the file system or the process limit (`ulimit -f`) allows.
        case beyondSizeLimit
        /// The path or one of its parts is longer than the file system allows.
        case nameTooLong
        /// The symbolic links go round in a circle, or there are too many of them.
        case cyclicLink
        /// The process or the system has no file descriptors left.
        case tooManyOpenFiles
        /// The device reported a read or write error.
        case deviceFailed
        /// A file of `size` bytes, where at most `limit` are sensible.
        case tooLarge(size: Int, limit: Int)
        /// The file ended after `found` bytes while `expected` were announced.
        case shortRead(expected: Int, found: Int)
        /// Another system error.
        case system(code: Int32)
    }

    /// The path, as the caller gave it, made absolute.
    public let path: String
    /// What was being done.
    public let operation: Operation
    /// What went wrong.
    public let problem: Problem

    /// An error about `path`.
    public init(path: String, operation: Operation, problem: Problem) {
        self.path = path
        self.operation = operation
        self.problem = problem
    }

    /// The error that belongs to the value of `errno`.
    init(path: String, operation: Operation, code: Int32) {
        self.init(path: path, operation: operation, problem: Problem(code: code))
    }
}

extension FileError.Problem {
    /// The problem that belongs to the value of `errno`.
    init(code: Int32) {
        switch code {
        case ENOENT: self = .notFound
        case EISDIR: self = .isDirectory
        case ENOTDIR: self = .parentIsNotDirectory
        case EACCES, EPERM: self = .permissionDenied
        case EROFS: self = .readOnlyFileSystem
        case ENOSPC, EDQUOT: self = .diskFull
        case EFBIG: self = .beyondSizeLimit
        case ENAMETOOLONG: self = .nameTooLong
        case ELOOP: self = .cyclicLink
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        case EIO: self = .deviceFailed
        default: self = .system(code: code)
        }
    }
}

extension FileError: CustomStringConvertible {
    /// One paragraph: the path, what was found, what to do.
    public var description: String {
        let verb = operation == .read ? "read" : "written"
        return "\(path) cannot be \(verb): \(explanation)"
    }

    private var explanation: String {
        switch (problem, operation) {
        case (.notFound, .read):
            "there is no such file. Check the path and its spelling."
        case (.notFound, .write):
            "its directory does not exist. Create the directory first, or choose another path."
        case (.isDirectory, .read):
            "it is a directory. Name a file inside it."
        case (.isDirectory, .write):
            "a directory of that name is in the way. Choose another name, or remove the directory."
        case (.parentIsNotDirectory, _):
            "a part of the path is a file, not a directory. Check the path and its spelling."
        case (.notRegularFile(let kind), .read):
            "it is a \(kind), and a regular file is needed. Copy its contents to a file first."
        case (.notRegularFile(let kind), .write):
            "a \(kind) of that name is in the way, and only regular files are replaced. Choose another name."
        case (.permissionDenied, .read):
            "permission denied. Check who may read the file and enter its directories (ls -l)."
        case (.permissionDenied, .write):
            "permission denied. Check who may write the file and its directory (ls -ld), "
                + "or choose another directory."
        case (.readOnlyFileSystem, _):
            "its file system is mounted read-only. Choose a directory on another one."
        case (.diskFull, _):
            "no space is left on its device, or the quota is used up. "
                + "Free some space (df shows it), or choose another directory."
        case (.beyondSizeLimit, _):
            "it would grow beyond the size limit of the process or of the file system. "
                + "Raise the limit (ulimit -f), or choose another file system."
        case (.nameTooLong, _):
            "the path, or a name in it, is longer than the file system allows. Choose a shorter one."
        case (.cyclicLink, _):
            "its symbolic links lead round in a circle. Correct or remove the links (ls -l shows them)."
        case (.tooManyOpenFiles, _):
            "too many files are open. Raise the limit (ulimit -n), or close other programs."
        case (.deviceFailed, _):
            "the device reported an input/output error. Check the disk, or use another one."
        case (.tooLarge(let size, let limit), _):
            "it has \(size) bytes, and at most \(limit) are expected. Check that it is the right file."
        case (.shortRead(let expected, let found), _):
            "it ended after \(found) of \(expected) bytes. "
                + "Wait until the program that writes it has finished, and try again."
        case (.system(let code), _):
            "\(systemText(code)) (error \(code))."
        }
    }
}

/// The system's own words for a value of `errno`.
private func systemText(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "unknown error" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
