// What a hub may name: commits, files, versions of files. A hub can lie, and each of these becomes a part of a path.

/// Checks of names before they become paths.
enum HubNames {
    /// A full commit: 40 hexadecimal digits in lower case.
    static func isCommit(_ text: String) -> Bool { isHexadecimal(text, count: 40) }

    /// A branch, a tag or a commit that can be the path of a file under `refs`.
    static func isRevision(_ text: String) -> Bool { isFile(text) }

    /// A relative path that stays where it is put, on every system.
    static func isFile(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return text.utf8.count <= 1024
            && parts.allSatisfy { part in
                1...255 ~= part.count && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
                    && part.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }
            }
    }

    /// A version of a file (its etag) that can be the name of a blob.
    static func isVersion(_ text: String) -> Bool {
        1...128 ~= text.utf8.count
            && text.utf8.allSatisfy {
                $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    static func isHexadecimal(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }
}
