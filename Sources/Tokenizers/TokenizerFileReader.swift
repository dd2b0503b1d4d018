// Reads the files of a tokenizer as a whole, and says what is wrong with those that cannot be read.

import Foundation

/// Reads whole files of bounded size.
enum TokenizerFileReader {
    private static let deadLink = "the symbolic link leads to no file that can be read."

    /// The bytes of a regular file.
    ///
    /// - Throws: ``TokenizerFileError`` if it is missing, no regular file, too large or unreadable.
    static func bytes(of url: URL) throws -> [UInt8] {
        let path = url.path
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: url.resolvingSymlinksInPath().path
            )
        } catch {
            let isThere = (try? FileManager.default.attributesOfItem(atPath: path)) != nil
            throw TokenizerFileError(
                file: path,
                problem: isThere ? deadLink : "the file does not exist or its directory cannot be read."
            )
        }
        let type = attributes[.type] as? FileAttributeType
        guard type != .typeSymbolicLink else {
            throw TokenizerFileError(file: path, problem: deadLink)
        }
        guard type == .typeRegular else {
            throw TokenizerFileError(file: path, problem: "this is not a regular file; expected a text file.")
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= JSONDocument.sizeLimit else {
            throw TokenizerFileError(
                file: path,
                problem: "the file has \(size) bytes; tokenizer files have at most "
                    + "\(JSONDocument.sizeLimit). Check that it is a tokenizer."
            )
        }
        do {
            return [UInt8](try Data(contentsOf: url))
        } catch {
            throw TokenizerFileError(
                file: path,
                problem: "the file cannot be read; check its permissions."
            )
        }
    }
}
