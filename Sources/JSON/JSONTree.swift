// The values of a document as a flat list: a value, then its children, then the next value. Text stays where
// it is, in the bytes of the file; a vocabulary of 50,000 tokens costs no string and no dictionary.

/// A value or the name of a field.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, escapedString, array, object
    }

    let kind: Kind
    /// First byte: of the content for strings, of the value for the others.
    let start: UInt32
    /// One past the last byte, for numbers and strings; the index after the last child, for arrays and objects,
    /// whose children alternate between names and values.
    var end: UInt32
}

/// Nodes, the outermost value first, and the bytes that they are about. A view, so that walking over many
/// values does not count references for each.
struct JSONTree {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    let nodes: UnsafeBufferPointer<JSONNode>
    let bytes: Bytes

    /// The index after a node and all its children.
    func indexAfter(_ index: Int) -> Int {
        let node = nodes[index]
        return node.kind == .array || node.kind == .object ? Int(node.end) : index + 1
    }

    /// The indices of the values of an array.
    func elements(of array: Int) -> Children { Children(tree: self, container: array, step: 0) }

    /// The indices of the names of an object; the value of a name comes after it.
    func names(of object: Int) -> Children { Children(tree: self, container: object, step: 1) }

    /// Indices in a container, from one to the next.
    struct Children: Sequence, IteratorProtocol {
        private let tree: JSONTree
        private let end: Int
        private let step: Int
        private var child: Int

        fileprivate init(tree: JSONTree, container: Int, step: Int) {
            self.tree = tree
            self.step = step
            child = container + 1
            end = Int(tree.nodes[container].end)
        }

        mutating func next() -> Int? {
            guard child < end else { return nil }
            defer { child = tree.indexAfter(child + step) }
            return child
        }

        /// How many there are.
        var count: Int { reduce(0) { count, _ in count + 1 } }
    }

    /// Calls `body` with the text that a number, a string or a name stands for.
    func withText<Result>(of index: Int, _ body: (Bytes) throws -> Result) rethrows -> Result {
        let node = nodes[index]
        let text = Bytes(rebasing: bytes[Int(node.start)..<Int(node.end)])
        guard node.kind == .escapedString else { return try body(text) }
        return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { room in
            let count = JSONEscapes.replace(in: text, into: room)
            return try body(Bytes(rebasing: room[..<count]))
        }
    }

    /// The text that a number, a string or a name stands for.
    func text(of index: Int) -> String { withText(of: index) { String(decoding: $0, as: UTF8.self) } }

    /// Whether a string or a name stands for that text.
    func spells(_ index: Int, _ text: Bytes) -> Bool {
        withText(of: index) { $0.count == text.count && $0.elementsEqual(text) }
    }
}

// Names
extension JSONTree {
    /// Objects with more fields than this have a table of names; smaller ones are searched faster without.
    private static let mostSearched = 8

    /// The name of an object that is spelled so, found without a table.
    func search(_ name: Bytes, in object: Int) -> Int? {
        names(of: object).first { spells($0, name) }
    }

    /// What a look at all names of an object gives.
    enum Names {
        /// All differ; the table of an object with many.
        case distinct(NameTable?)
        /// The first name that is there before.
        case duplicate(Int)
    }

    /// Checks that no name of an object is there twice, in time proportional to their number.
    func checkNames(of object: Int) -> Names {
        let names = names(of: object)
        let count = names.count
        guard count > Self.mostSearched else {
            for name in names {
                for earlier in names.prefix(while: { $0 < name }) where sameText(earlier, name) {
                    return .duplicate(name)
                }
            }
            return .distinct(nil)
        }
        var table = NameTable(capacity: count)
        for name in names {
            let isNew = withText(of: name) { table.insert(name, $0) { sameText($0, name) } }
            guard isNew else { return .duplicate(name) }
        }
        return .distinct(table)
    }

    private func sameText(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (nodes[left], nodes[right])
        // Without escapes, texts of different lengths differ.
        if first.kind == .string, second.kind == .string, first.end - first.start != second.end - second.start
        {
            return false
        }
        return withText(of: right) { spells(left, $0) }
    }
}
