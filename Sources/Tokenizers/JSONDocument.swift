// A JSON reader made for tokenizer files: one pass over the bytes leaves a flat list of nodes, strings are
// looked at in place. A vocabulary of 50,000 tokens costs no string and no dictionary until asked for.
// Strict (RFC 8259), bounded in depth, size and number of nodes; errors give the byte offset.

import Foundation

/// A parsed JSON file.
final class JSONDocument: Sendable {
    /// What a node is.
    enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, escapedString, array, object
    }

    /// A value. The children of an array or object follow it; an object's alternate keys and values.
    struct Node: Sendable {
        let kind: Kind
        /// First byte: of the content for strings, of the value for the others.
        let start: UInt32
        /// One past the last byte, for numbers and strings; the index after the last child, for arrays
        /// and objects.
        var end: UInt32
    }

    /// Larger files are refused: the largest tokenizers in use have 33 MB.
    static let sizeLimit = 48 << 20
    static let nodeLimit = 6_000_000
    static let depthLimit = 64
    /// Fields of one object, or items of one list, that are looked at one by one. Vocabularies and merges
    /// are read in bulk instead.
    static let entryLimit = 1 << 18

    let file: String
    let bytes: [UInt8]
    let nodes: [Node]

    /// Parses the text of a file.
    ///
    /// - Throws: ``TokenizerFileError`` with the byte offset of the first mistake.
    init(_ bytes: [UInt8], file: String) throws {
        self.file = file
        self.bytes = bytes
        var parser = JSONParser()
        do {
            nodes = try bytes.withUnsafeBufferPointer { try parser.parse($0) }
        } catch let mistake as JSONParser.Mistake {
            throw TokenizerFileError(
                file: file,
                problem: "not valid JSON at byte \(mistake.offset): \(mistake.problem). "
                    + "The file may be cut off or damaged; get it again."
            )
        }
    }

    /// Reads and parses a file.
    ///
    /// - Throws: ``TokenizerFileError`` if it cannot be read or is not JSON.
    convenience init(contentsOf url: URL) throws {
        try self.init(TokenizerFileReader.bytes(of: url), file: url.path)
    }

    /// The outermost value.
    var root: JSONValue { JSONValue(document: self, index: 0, path: "") }

    /// The index after a node and all its children.
    func indexAfter(_ index: Int) -> Int {
        let node = nodes[index]
        return node.kind == .array || node.kind == .object ? Int(node.end) : index + 1
    }

    /// Appends the text of a string node in UTF-8.
    func appendText(of index: Int, to output: inout [UInt8]) {
        let node = nodes[index]
        let range = Int(node.start)..<Int(node.end)
        if node.kind == .string {
            output.append(contentsOf: bytes[range])
        } else {
            JSONParser.unescape(bytes[range], to: &output)
        }
    }
}
