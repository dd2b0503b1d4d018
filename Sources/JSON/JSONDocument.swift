// A document that has been read: its bytes, its values, and the names of its large objects. Fields are places
// in it.

final class JSONDocument: Sendable {
    /// The file, as messages name it.
    let source: String
    private let bytes: [UInt8]
    private let nodes: [JSONNode]
    private let tables: [Int: NameTable]

    /// Reads a text; throws ``JSONError/syntax(source:line:column:offset:problem:)``, which names `source`.
    init(_ bytes: [UInt8], source: String, limits: JSONLimits) throws(JSONError) {
        self.source = source
        self.bytes = bytes
        do throws(JSONParser.Failure) {
            (nodes, tables) = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONParser.Failure) in
                let parser = try JSONParser(parsing: bytes, limits: limits)
                return (parser.nodes, parser.tables)
            }
        } catch {
            let before = bytes[..<error.offset]
            let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
            let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            throw .syntax(
                source: source,
                line: line,
                column: error.offset - lineStart + 1,
                offset: error.offset,
                problem: error.problem
            )
        }
    }

    subscript(index: Int) -> JSONNode { nodes[index] }

    /// Calls `body` with all values, which are valid during the call.
    func withTree<Result>(_ body: (JSONTree) throws -> Result) rethrows -> Result {
        try nodes.withUnsafeBufferPointer { nodes in
            try bytes.withUnsafeBufferPointer { try body(JSONTree(nodes: nodes, bytes: $0)) }
        }
    }

    /// The index of the value of a field.
    func value(of name: String, in object: Int) -> Int? {
        var name = name
        return name.withUTF8 { name in
            withTree { tree in
                guard let table = tables[object] else { return tree.search(name, in: object) }
                return table.name(name) { tree.spells($0, name) }
            }
        }.map { $0 + 1 }
    }

    /// Where a value is, like `rope_scaling.factor` or `layers[3]`; found by a walk from the outermost value,
    /// so for messages only.
    func path(to index: Int) -> String {
        withTree { tree in
            var path = ""
            var container = 0
            while container < index {
                let isObject = tree.nodes[container].kind == .object
                let children = isObject ? tree.names(of: container) : tree.elements(of: container)
                // The last child that begins at or before the value is the one it is, or is in.
                var (child, position) = (container + 1, -1)
                for next in children {
                    if next > index { break }
                    (child, position) = (next, position + 1)
                }
                path = isObject ? JSONDocument.step(path, to: tree.text(of: child)) : "\(path)[\(position)]"
                container = isObject ? child + 1 : child
            }
            return path
        }
    }

    /// The path of a field of the object at `path`.
    static func step(_ path: String, to name: String) -> String {
        let plain = !name.isEmpty && name.utf8.allSatisfy { 0x21...0x7e ~= $0 } && name.utf8.count <= 80
        let step = plain ? name : Quoted.text(name)
        return path.isEmpty ? step : "\(path).\(step)"
    }
}
