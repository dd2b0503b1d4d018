// A strict JSON reader for files that may lie.
//
// Promises: the grammar of RFC 8259 and nothing else (unless `acceptsNonFinite`); duplicate names are
// refused; one pass, whose time and memory stay in proportion to the text whatever it holds (`JSONLimits`);
// every refusal says at which byte. Foundation's reader is not used because it keeps one of two equal names
// silently.

/// Turns JSON text into nodes.
struct JSONParser {
    /// Where and why reading stopped.
    struct Failure: Error {
        let offset: Int
        let problem: String
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSONLimits
    private var position = 0
    private var valueCount = 0
    /// The values that were read; see ``JSONTree``.
    private(set) var nodes: [JSONNode] = []
    /// The names of large objects, by the index of the object.
    private(set) var tables: [Int: NameTable] = [:]

    /// Reads the one value in `bytes`.
    init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(Failure) {
        // Nodes count bytes, and one another, in 32 bits.
        guard bytes.count < Int(Int32.max) else {
            throw Failure(
                offset: 0,
                problem: "a text of \(bytes.count) bytes, which is more than can be read"
            )
        }
        self.bytes = bytes
        self.limits = limits
        nodes.reserveCapacity(min(bytes.count / 12, limits.values))
        skipSpace()
        try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("expected the end, found \(found)") }
    }
}

extension JSONParser {
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ problem: String, at offset: Int? = nil) -> Failure {
        Failure(offset: offset ?? position, problem: problem)
    }

    /// What is at the current position, for a message.
    private var found: String {
        guard let next else { return "the end of the text" }
        if 0x21...0x7e ~= next { return "'\(Character(Unicode.Scalar(next)))'" }
        let digits = String(next, radix: 16)
        return "byte 0x" + (digits.count < 2 ? "0" : "") + digits
    }

    private mutating func skipSpace() {
        while let next, next == 0x20 || next == 0x0a || next == 0x0d || next == 0x09 { position += 1 }
    }

    /// Goes past `byte` if it is next.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for place in 0..<count where bytes[position + place] != word.utf8Start[place] { return false }
        position += count
        return true
    }

    private mutating func parseValue(depth: Int) throws(Failure) {
        valueCount += 1
        guard valueCount <= limits.values else {
            throw failure("more than \(limits.values) values, which no file of this kind has")
        }
        guard let next else { throw failure("expected a value, found the end of the text") }
        switch next {
        case UInt8(ascii: "{"): try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): try parseString()
        case UInt8(ascii: "t"): try parseWord("true", .true)
        case UInt8(ascii: "f"): try parseWord("false", .false)
        case UInt8(ascii: "n"): try parseWord("null", .null)
        default: try parseNumber()
        }
    }

    private mutating func append(_ kind: JSONNode.Kind, from start: Int) {
        nodes.append(JSONNode(kind: kind, start: UInt32(start), end: UInt32(position)))
    }

    private mutating func parseWord(_ word: StaticString, _ kind: JSONNode.Kind) throws(Failure) {
        let start = position
        guard takeWord(word) else { throw failure("expected a value, found \(found)") }
        append(kind, from: start)
    }

    /// Goes into an array or an object; returns its node.
    private mutating func open(_ kind: JSONNode.Kind, depth: Int) throws(Failure) -> Int {
        guard depth <= limits.depth else {
            throw failure("nested more than \(limits.depth) deep, which no file of this kind is")
        }
        append(kind, from: position)
        position += 1
        skipSpace()
        return nodes.count - 1
    }

    private mutating func parseArray(depth: Int) throws(Failure) {
        let array = try open(.array, depth: depth)
        if !take("]") {
            while true {
                skipSpace()
                try parseValue(depth: depth)
                skipSpace()
                if take("]") { break }
                guard take(",") else { throw failure("expected ',' or ']' in an array, found \(found)") }
            }
        }
        nodes[array].end = UInt32(nodes.count)
    }

    private mutating func parseObject(depth: Int) throws(Failure) {
        let object = try open(.object, depth: depth)
        if !take("}") {
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else {
                    throw failure("expected a field name in quotes, found \(found)")
                }
                try parseString()
                skipSpace()
                guard take(":") else { throw failure("expected ':' after a field name, found \(found)") }
                skipSpace()
                try parseValue(depth: depth)
                skipSpace()
                if take("}") { break }
                guard take(",") else { throw failure("expected ',' or '}' in an object, found \(found)") }
            }
        }
        nodes[object].end = UInt32(nodes.count)
        try checkNames(of: object)
    }

    private mutating func checkNames(of object: Int) throws(Failure) {
        let names = nodes.withUnsafeBufferPointer {
            JSONTree(nodes: $0, bytes: bytes).checkNames(of: object)
        }
        switch names {
        case .distinct(let table?): tables[object] = table
        case .distinct: break
        case .duplicate(let name):
            let text = nodes.withUnsafeBufferPointer { JSONTree(nodes: $0, bytes: bytes).text(of: name) }
            throw failure("the name \(Quoted.text(text)) is there twice", at: Int(nodes[name].start) - 1)
        }
    }

    private func checkLength(from start: Int) throws(Failure) {
        guard position - start <= limits.text else {
            throw failure(
                "a text of more than \(limits.text) bytes, which no file of this kind has",
                at: start
            )
        }
    }
}

// Numbers
extension JSONParser {
    private mutating func parseNumber() throws(Failure) {
        let start = position
        _ = take("-")
        if limits.acceptsNonFinite, takeWord("Infinity") || (position == start && takeWord("NaN")) {
            append(.number, from: start)
            return
        }
        let digitsStart = position
        guard skipDigits() else {
            throw failure("expected a \(position == start ? "value" : "digit"), found \(found)")
        }
        if bytes[digitsStart] == UInt8(ascii: "0"), position - digitsStart > 1 {
            throw failure("a number with a leading zero", at: digitsStart)
        }
        if take("."), !skipDigits() { throw failure("expected a digit after '.', found \(found)") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard skipDigits() else { throw failure("expected a digit in an exponent, found \(found)") }
        }
        try checkLength(from: start)
        append(.number, from: start)
    }

    /// Goes past digits; false if there were none.
    private mutating func skipDigits() -> Bool {
        let start = position
        while let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
        return position > start
    }
}

// Strings
extension JSONParser {
    private mutating func parseString() throws(Failure) {
        position += 1
        let start = position
        var kind = JSONNode.Kind.string
        var seen: UInt8 = 0
        while true {
            seen |= skipPlainText()
            guard let next else { throw failure("a string without end", at: start - 1) }
            if next == UInt8(ascii: "\"") { break }
            guard next == UInt8(ascii: "\\") else {
                throw failure(
                    "a control character in a string (\(found)), which must be written as an escape"
                )
            }
            kind = .escapedString
            try skipEscape()
        }
        try checkLength(from: start)
        // Escapes are ASCII: the text is UTF-8 as written if and only if it is without them.
        if seen >= 0x80, String(validating: bytes[start..<position], as: UTF8.self) == nil {
            throw failure("a string that is not UTF-8", at: start)
        }
        append(kind, from: start)
        position += 1
    }

    /// Goes past what stands for itself in a string; returns all bits seen, to tell ASCII.
    private mutating func skipPlainText() -> UInt8 {
        var place = position
        var seen: UInt8 = 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            seen |= byte
            place += 1
        }
        position = place
        return seen
    }

    private mutating func skipEscape() throws(Failure) {
        let start = position
        position += 1
        guard let letter = next else { throw failure("expected an escape, found the end of the text") }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            let unit = try skipHexadecimal()
            guard unit & 0xf800 == 0xd800 else { return }
            guard unit < 0xdc00, takeWord("\\u"), try skipHexadecimal() & 0xfc00 == 0xdc00 else {
                throw failure("half of a surrogate pair", at: start)
            }
        default:
            throw failure("an unknown escape, '\\' before \(found)")
        }
    }

    private mutating func skipHexadecimal() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let next, let digit = JSONEscapes.digit(next) else {
                throw failure("expected four hexadecimal digits after \\u, found \(found)")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }
}
