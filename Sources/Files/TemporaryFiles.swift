// The unfinished temporary files of this process.
//
// Promises: a temporary file is in the list from before it exists until after it is renamed or removed, so
// that whoever empties the list (see `Interruption`) leaves none behind. Creating, renaming and removing
// happen under one lock: once the list has been emptied for good, no file can be created or put in place any
// more.

import Foundation
import Synchronization

/// The files that are being written and do not have their final name yet.
public enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])

    /// Their paths, sorted.
    public static var unfinished: [String] { paths.withLock { $0.sorted() } }

    /// Removes them all from disk.
    public static func removeAll() {
        paths.withLock { removeAll(&$0) }
    }

    /// Removes them all, then calls `body`, during which no thread can create a file or put one in place.
    static func removeAll(thenWhileLocked body: () -> Void) {
        paths.withLock { paths in
            removeAll(&paths)
            body()
        }
    }

    private static func removeAll(_ paths: inout Set<String>) {
        for path in paths { unlink(path) }
        paths.removeAll()
    }

    /// Creates the file, which must not exist, and returns its descriptor, open for writing.
    static func create(_ path: String, mode: mode_t) throws(SystemCallFailure) -> Int32 {
        try paths.withLock { paths throws(SystemCallFailure) in
            let descriptor = try SystemCall.check {
                open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
            }
            paths.insert(path)
            return descriptor
        }
    }

    /// Gives the finished file its final name.
    static func rename(_ path: String, to final: String) throws(SystemCallFailure) {
        try paths.withLock { paths throws(SystemCallFailure) in
            try SystemCall.check { Foundation.rename(path, final) }
            paths.remove(path)
        }
    }

    /// Removes the file.
    static func remove(_ path: String) {
        paths.withLock { paths in
            unlink(path)
            paths.remove(path)
        }
    }
}
