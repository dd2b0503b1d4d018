// The texts that users see, word for word.

import Foundation
import Testing

@testable import Files

@Suite struct FileErrorTests {
    @Test(arguments: [
        (ENOENT, FileError.Operation.read, "there is no such file. Check the path and its spelling."),
        (
            ENOENT, .write,
            "its directory does not exist. Create the directory first, or choose another path."
        ),
        (EISDIR, .read, "it is a directory. Name a file inside it."),
        (
            EISDIR, .write,
            "a directory of that name is in the way. Choose another name, or remove the directory."
        ),
        (
            ENOTDIR, .read,
            "a part of the path is a file, not a directory. Check the path and its spelling."
        ),
        (
            EACCES, .read,
            "permission denied. Check who may read the file and enter its directories (ls -l)."
        ),
        (
            EACCES, .write,
            "permission denied. Check who may write the file and its directory (ls -ld), or choose another "
                + "directory."
        ),
        (EROFS, .write, "its file system is mounted read-only. Choose a directory on another one."),
        (
            ENOSPC, .write,
            "no space is left on its device, or the quota is used up. Free some space (df shows it), or choose "
                + "another directory."
        ),
        (
            EFBIG, .write,
            "it would grow beyond the size limit of the process or of the file system. Raise the limit "
                + "(ulimit -f), or choose another file system."
        ),
        (
            ENAMETOOLONG, .write,
            "the path, or a name in it, is longer than the file system allows. Choose a shorter one."
        ),
        (
            ELOOP, .read,
            "its symbolic links lead round in a circle. Correct or remove the links (ls -l shows them)."
        ),
        (
            EMFILE, .read,
            "too many files are open. Raise the limit (ulimit -n), or close other programs."
        ),
        (EIO, .read, "the device reported an input/output error. Check the disk, or use another one."),
    ])
    func systemErrors(code: Int32, operation: FileError.Operation, text: String) {
        let error = FileError(path: "/d/f", operation: operation, code: code)
        let verb = operation == .read ? "read" : "written"
        #expect(error.description == "/d/f cannot be \(verb): \(text)")
    }

    @Test func quotaIsADiskThatIsFull() {
        #expect(FileError.Problem(code: EDQUOT) == .diskFull)
        #expect(FileError.Problem(code: EPERM) == .permissionDenied)
    }

    @Test func otherSystemErrorsKeepTheSystemsWords() {
        let error = FileError(path: "/d/f", operation: .read, code: ENXIO)
        #expect(error.problem == .system(code: ENXIO))
        #expect(error.description.hasPrefix("/d/f cannot be read: "))
        #expect(error.description.hasSuffix(" (error \(ENXIO))."))
        #expect(error.description.count > "/d/f cannot be read:  (error 6).".count)
    }

    @Test func sizes() {
        #expect(
            FileError(path: "f", operation: .read, problem: .tooLarge(size: 12, limit: 7)).description
                == "f cannot be read: it has 12 bytes, and at most 7 are expected. Check that it is the right "
                + "file."
        )
        #expect(
            FileError(path: "f", operation: .read, problem: .shortRead(expected: 12, found: 7)).description
                == "f cannot be read: it ended after 7 of 12 bytes. Wait until the program that writes it has "
                + "finished, and try again."
        )
    }
}
