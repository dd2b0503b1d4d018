// A pickle that has been read: all its values side by side, each naming the others by number.
//
// So a value that contains itself, or one that is shared a million times, costs what its bytes cost: nothing is
// expanded, nothing recurses, and nothing is kept alive in a circle.

/// One value.
enum PickleNode {
    case none
    case bool(Bool)
    case int(Int)
    /// A whole number beyond 64 bits; its digits are not kept.
    case largeInt
    case float(Double)
    /// UTF-8 text, by its place in the bytes; checked.
    case string(Range<Int32>)
    /// Bytes; not kept.
    case bytes
    case tuple([Int32])
    case list([Int32])
    /// Keys and values in turn, in the order in which they were set.
    case dictionary([Int32])
    case global(PickleGlobal)
    /// A call that was asked for and not made: of what, and the number of the tuple of its arguments.
    case object(PickleGlobal, Int32)
    /// Something outside the pickle, by the number of its id.
    case persistent(Int32)
}

final class Pickle: Sendable {
    /// The file, and the record in it, as messages name them.
    let source: String
    let bytes: [UInt8]
    let nodes: [PickleNode]
    private let root: Int32

    /// More bytes than any checkpoint's description or character vocabulary has.
    static let longest = 16 << 20
    /// More values than they have; each costs at least one byte of the pickle and at most some 100 of memory.
    static let mostValues = 1_000_000

    /// Reads a pickle of protocol 2 to 5, running nothing; throws ``PickleError``.
    init(_ bytes: [UInt8], source: String) throws(PickleError) {
        var reader = Unpickler(bytes, source: source)
        root = try reader.read()
        self.source = source
        self.bytes = bytes
        nodes = reader.nodes
    }

    /// The whole.
    var value: PickleField { PickleField(pickle: self, index: root, path: "") }

    func text(_ range: Range<Int32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }
}
