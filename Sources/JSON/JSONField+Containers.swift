// Into objects and arrays.

extension JSONField {
    /// A field of this object; nil if it is absent or `null`. Throws if this is not an object.
    public subscript(name: String) -> JSONField? {
        get throws(JSONError) {
            guard let field = try member(name), field.kind != .null else { return nil }
            return field
        }
    }

    /// A field of this object, which must be there and must not be `null`.
    public func require(_ name: String) throws(JSONError) -> JSONField {
        let field = try member(name)
        if let field, field.kind != .null { return field }
        throw .field(
            source: source,
            path: JSONDocument.step(path, to: name),
            expected: "a value",
            found: field == nil ? "no such field" : "null"
        )
    }

    /// A field of this object, `null` or not; nil if it is absent. Throws if this is not an object.
    public func member(_ name: String) throws(JSONError) -> JSONField? {
        try check(.object, "an object")
        return document.value(of: name, in: index).map { JSONField(document, $0) }
    }

    /// All fields of this object, in file order, `null` ones too.
    public func fields() throws(JSONError) -> [(name: String, field: JSONField)] {
        try check(.object, "an object")
        return document.withTree { tree in
            tree.names(of: index).map { (tree.text(of: $0), JSONField(document, $0 + 1)) }
        }
    }

    /// How many fields this object has.
    public func fieldCount() throws(JSONError) -> Int {
        try check(.object, "an object")
        return document.withTree { $0.names(of: index).count }
    }

    /// Calls `body` with each field of this object, in file order, and the UTF-8 text of its name: for objects
    /// with so many fields that a string for each name would take the most time.
    public func forEachField(
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ field: JSONField) throws -> Void
    ) throws {
        try check(.object, "an object")
        try document.withTree { tree in
            for name in tree.names(of: index) {
                try tree.withText(of: name) { try body($0, JSONField(document, name + 1)) }
            }
        }
    }

    /// The values of this array; if `count` is given there must be that many.
    public func elements(count: Int? = nil) throws(JSONError) -> [JSONField] {
        let expected = count.map { "an array of \($0) values" } ?? "an array"
        try check(.array, expected)
        let (found, elements) = document.withTree { tree in
            let children = tree.elements(of: index)
            let found = children.count
            var elements: [JSONField] = []
            elements.reserveCapacity(found)
            for child in children { elements.append(JSONField(document, child)) }
            return (found, elements)
        }
        guard count == nil || found == count else { throw mismatch(expected: expected) }
        return elements
    }

    private func check(_ kind: Kind, _ expected: @autoclosure () -> String) throws(JSONError) {
        guard self.kind == kind else { throw mismatch(expected: expected()) }
    }
}
