// Making symbolic links, with errors that say which one and why.

public import Foundation

/// Links by name.
public enum SymbolicLink {
    /// Makes a link at `url` to `target`, a path that may be relative to the link's directory; a file or link that has
    /// the name is replaced. Throws ``FileError``.
    public static func make(at url: URL, to target: String) throws {
        let path = SystemCall.path(of: url)
        do throws(SystemCallFailure) {
            if unlink(path) == -1, errno != ENOENT { throw SystemCallFailure(code: errno) }
            try SystemCall.check { symlink(target, path) }
        } catch {
            throw FileError(path: path, operation: .write, code: error.code)
        }
    }
}
