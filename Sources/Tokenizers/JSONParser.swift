// The one pass of JSONDocument over the bytes of a file.

/// Turns JSON text into the nodes of a ``JSONDocument``.
struct JSONParser {
    /// A mistake in the text.
    struct Mistake: Error {
        let offset: Int
        let problem: String
    }

    private var nodes: [JSONDocument.Node] = []
    private var index = 0

    /// Parses one value with nothing but white space around it.
    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> [JSONDocument.Node] {
        nodes.reserveCapacity(min(bytes.count / 12, JSONDocument.nodeLimit))
        skipSpace(bytes)
        try parseValue(bytes, depth: 0)
        skipSpace(bytes)
        guard index == bytes.count else { throw mistake("there is more after the end of the value") }
        return nodes
    }

    private func mistake(_ problem: String) -> Mistake { Mistake(offset: index, problem: problem) }

    private mutating func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func parseValue(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) throws {
        guard index < bytes.count else { throw mistake("the text ends where a value is expected") }
        guard depth <= JSONDocument.depthLimit else {
            throw mistake("values are nested more than \(JSONDocument.depthLimit) deep")
        }
        switch bytes[index] {
        case UInt8(ascii: "\""): try parseString(bytes)
        case UInt8(ascii: "{"): try parseContainer(bytes, .object, UInt8(ascii: "}"), depth)
        case UInt8(ascii: "["): try parseContainer(bytes, .array, UInt8(ascii: "]"), depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber(bytes)
        case UInt8(ascii: "t"): try parseWord(bytes, "true", .true)
        case UInt8(ascii: "f"): try parseWord(bytes, "false", .false)
        case UInt8(ascii: "n"): try parseWord(bytes, "null", .null)
        default: throw mistake("expected a value")
        }
    }

    private mutating func append(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int) throws {
        guard nodes.count < JSONDocument.nodeLimit else {
            throw mistake("there are more than \(JSONDocument.nodeLimit) values")
        }
        nodes.append(JSONDocument.Node(kind: kind, start: UInt32(start), end: UInt32(end)))
    }

    private mutating func parseContainer(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ kind: JSONDocument.Kind,
        _ close: UInt8,
        _ depth: Int
    ) throws {
        let node = nodes.count
        try append(kind, index, 0)
        index += 1
        skipSpace(bytes)
        if index < bytes.count, bytes[index] == close {
            index += 1
        } else {
            while true {
                if kind == .object { try parseKey(bytes) }
                try parseValue(bytes, depth: depth + 1)
                skipSpace(bytes)
                guard index < bytes.count else { throw mistake("the text ends inside a list or object") }
                let byte = bytes[index]
                guard byte == close || byte == UInt8(ascii: ",") else {
                    throw mistake("expected ',' or '\(Unicode.Scalar(close))'")
                }
                index += 1
                if byte == close { break }
                skipSpace(bytes)
            }
        }
        nodes[node].end = UInt32(nodes.count)
    }

    private mutating func parseKey(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            throw mistake("expected a key in double quotes")
        }
        try parseString(bytes)
        skipSpace(bytes)
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else {
            throw mistake("expected ':' after a key")
        }
        index += 1
        skipSpace(bytes)
    }

    private mutating func parseWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ word: StaticString,
        _ kind: JSONDocument.Kind
    ) throws {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[index + $0] == word.utf8Start[$0] })
        else { throw mistake("expected a value") }
        try append(kind, index, index + length)
        index += length
    }

    private mutating func parseNumber(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let whole = try skipDigits(bytes)
        if whole > 1, bytes[index - whole] == UInt8(ascii: "0") {
            throw mistake("a number begins with a superfluous 0")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            _ = try skipDigits(bytes)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            _ = try skipDigits(bytes)
        }
        try append(.number, start, index)
    }

    private mutating func skipDigits(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        guard index > start else { throw mistake("expected a digit") }
        return index - start
    }

    private mutating func parseString(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        index += 1
        let start = index
        var hasEscapes = false
        var hasHighBytes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                if hasHighBytes { try checkUTF8(bytes, start) }
                try append(hasEscapes ? .escapedString : .string, start, index)
                index += 1
                return
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try skipEscape(bytes)
                continue
            }
            guard byte >= 0x20 else { throw mistake("a control character stands in a string") }
            hasHighBytes = hasHighBytes || byte >= 0x80
            index += 1
        }
        throw mistake("the text ends inside a string")
    }

    private func checkUTF8(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) throws {
        guard String(validating: bytes[start..<index], as: UTF8.self) == nil else { return }
        throw Mistake(offset: start, problem: "the string that begins here is not UTF-8")
    }

    private mutating func skipEscape(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard index + 1 < bytes.count else { throw mistake("the text ends inside a string") }
        switch bytes[index + 1] {
        case UInt8(ascii: "u"):
            let unit = try hexUnit(bytes, index)
            guard unit & 0xF800 == 0xD800 else {
                index += 6
                return
            }
            guard unit < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
                bytes[index + 7] == UInt8(ascii: "u"), try hexUnit(bytes, index + 6) & 0xFC00 == 0xDC00
            else { throw mistake("half of a surrogate pair stands alone") }
            index += 12
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        default:
            throw mistake("unknown escape in a string")
        }
    }

    /// The four hexadecimal digits of the escape at a place.
    private func hexUnit(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) throws -> UInt32 {
        guard place + 6 <= bytes.count, let unit = Self.hexUnit(bytes[place + 2..<place + 6]) else {
            throw mistake("expected four hexadecimal digits after '\\u'")
        }
        return unit
    }

    private static func hexUnit(_ digits: some Sequence<UInt8>) -> UInt32? {
        var unit: UInt32 = 0
        for byte in digits {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - 0x57)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - 0x37)
            default: return nil
            }
        }
        return unit
    }

    /// Appends what a string with escapes, checked before, stands for.
    static func unescape(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "\\") else {
                output.append(text[index])
                index += 1
                continue
            }
            let letter = text[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = hexUnit(text[index..<index + 4]) ?? 0
                index += 4
                if scalar & 0xF800 == 0xD800 {
                    let low = hexUnit(text[index + 2..<index + 6]) ?? 0
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                    index += 6
                }
                appendScalar(scalar, to: &output)
            default: output.append(letter)
            }
        }
    }
}
