// What a model is called on the hub.
//
// Promises: an id that is accepted here is one that Python's `huggingface_hub` accepts, and is safe as a part of an
// address and of a directory name.

/// A model's id: `name`, or `owner/name`.
public struct HubModelID: Hashable, Sendable, CustomStringConvertible {
    /// As on the hub.
    public let description: String

    /// Takes one or two parts of 1 to 96 letters, digits, `-`, `_` and `.`, none beginning or ending with `-` or `.`;
    /// `--` and `..` may not occur, nor `.git` at the end. Throws ``HubError/invalidID(_:)``.
    public init(_ text: String) throws(HubError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isValid =
            parts.count <= 2 && parts.allSatisfy { Self.isPart($0) }
            && !text.contains("--") && !text.contains("..") && !text.hasSuffix(".git")
        guard isValid else { throw .invalidID(text) }
        description = text
    }

    /// The name of its directory in the cache.
    var directoryName: String { "models--" + description.replacing("/", with: "--") }

    /// The id whose directory has this name; nil if that is not a model's directory.
    init?(directoryName: String) {
        guard directoryName.hasPrefix("models--") else { return nil }
        let parts = directoryName.dropFirst("models--".count).split(separator: "--", maxSplits: 1)
        guard let id = try? HubModelID(parts.joined(separator: "/")) else { return nil }
        self = id
    }

    private static func isPart(_ part: Substring.UTF8View) -> Bool {
        func isWord(_ byte: UInt8?) -> Bool {
            guard let byte else { return false }
            return byte.isASCIILetterOrDigit || byte == UInt8(ascii: "_")
        }
        return 1...96 ~= part.count && isWord(part.first) && isWord(part.last)
            && part.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}

extension UInt8 {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
