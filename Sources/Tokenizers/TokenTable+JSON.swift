// Reads a vocabulary from JSON straight into a TokenTable, without a string per token.

extension TokenTable {
    /// Reads a vocabulary: an object of spellings with their ids.
    ///
    /// - Throws: ``TokenizerFileError`` naming the first entry that cannot be a token.
    init(_ value: JSONValue) throws {
        let document = value.document
        let node = document.nodes[value.index]
        guard node.kind == .object else {
            _ = try value.fields(known: [])
            self.init(capacity: 0)
            return
        }
        self.init(capacity: (Int(node.end) - value.index) / 2)
        var spelling: [UInt8] = []
        var child = value.index + 1
        while child < Int(node.end) {
            spelling.removeAll(keepingCapacity: true)
            document.appendText(of: child, to: &spelling)
            let entry = { (spelling: [UInt8]) in
                let name = String(decoding: spelling, as: UTF8.self)
                return JSONValue(
                    document: document,
                    index: child + 1,
                    path: value.path.isEmpty ? name : "\(value.path).\(name)"
                )
            }
            guard let id = document.smallNumber(at: child + 1) else {
                throw entry(spelling).mismatch("an id, a whole number below \(Self.idLimit)")
            }
            switch spelling.withUnsafeBufferPointer({ add($0, id: id) }) {
            case nil: break
            case .idOutOfRange:
                throw entry(spelling).error("the id \(id) is not below \(Self.idLimit).")
            case .idTaken:
                throw entry(spelling).error("the id \(id) is that of another token, too.")
            case .spellingTaken:
                throw entry(spelling).error("the token stands twice in the vocabulary.")
            }
            child = document.indexAfter(child + 1)
        }
    }
}

extension JSONDocument {
    /// The value of a number node of at most nine digits and nothing else; nil for any other node.
    func smallNumber(at index: Int) -> Int? {
        let node = nodes[index]
        guard node.kind == .number, node.end - node.start <= 9 else { return nil }
        var number = 0
        for byte in bytes[Int(node.start)..<Int(node.end)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }
}
