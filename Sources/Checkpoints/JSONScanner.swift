// A strict JSON reader for files that may lie.
//
// Promises: the grammar of RFC 8259 and nothing else (unless `acceptsNonFinite`); duplicate names are
// refused; depth and number of values are limited, so that time and memory stay in proportion whatever the
// file holds; every refusal says at which byte. Foundation's reader is not used because it keeps one of two
// equal names silently.

/// Reads JSON text into a ``JSONValue``.
public struct JSONScanner {
    /// What a document may have.
    public struct Limits: Sendable {
        /// How deep arrays and objects may be nested.
        public var depth = 64
        /// How many values there may be in all.
        public var values = 1_000_000
        /// How many bytes one string or number may have.
        public var text = 1 << 20
        /// Whether `NaN`, `Infinity` and `-Infinity` are numbers. They are not JSON, but Python writes them.
        public var acceptsNonFinite = false

        /// The usual limits.
        public init() {}
    }

    /// Where and why reading stopped.
    struct Failure: Error {
        let offset: Int
        let problem: String
    }

    private let bytes: UnsafeRawBufferPointer
    private let limits: Limits
    private var position = 0
    private var valueCount = 0

    /// The document in `bytes`; throws ``JSONError/syntax(source:line:column:offset:problem:)``, which names
    /// `source`.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer,
        source: String,
        limits: Limits = Limits()
    ) throws(JSONError) -> JSONValue {
        do throws(Failure) {
            return try scan(bytes, limits: limits)
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

    static func scan(_ bytes: UnsafeRawBufferPointer, limits: Limits) throws(Failure) -> JSONValue {
        var scanner = JSONScanner(bytes: bytes, limits: limits)
        scanner.skipSpace()
        let value = try scanner.scanValue(depth: 0)
        scanner.skipSpace()
        guard scanner.position == bytes.count else {
            throw scanner.failure("expected the end, found \(scanner.found)")
        }
        return value
    }

    private init(bytes: UnsafeRawBufferPointer, limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }
}

extension JSONScanner {
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

    private mutating func scanValue(depth: Int) throws(Failure) -> JSONValue {
        valueCount += 1
        guard valueCount <= limits.values else {
            throw failure("more than \(limits.values) values, which no file of this kind has")
        }
        guard let next else { throw failure("expected a value, found the end of the text") }
        switch next {
        case UInt8(ascii: "{"): return try scanObject(depth: depth + 1)
        case UInt8(ascii: "["): return try scanArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try scanString())
        case UInt8(ascii: "t"): if takeWord("true") { return .bool(true) }
        case UInt8(ascii: "f"): if takeWord("false") { return .bool(false) }
        case UInt8(ascii: "n"): if takeWord("null") { return .null }
        default: return .number(try scanNumber())
        }
        throw failure("expected a value, found \(found)")
    }

    private func checkDepth(_ depth: Int) throws(Failure) {
        guard depth <= limits.depth else {
            throw failure("nested more than \(limits.depth) deep, which no file of this kind is")
        }
    }

    private mutating func scanArray(depth: Int) throws(Failure) -> JSONValue {
        try checkDepth(depth)
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            skipSpace()
            values.append(try scanValue(depth: depth))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw failure("expected ',' or ']' in an array, found \(found)") }
        }
    }

    private mutating func scanObject(depth: Int) throws(Failure) -> JSONValue {
        try checkDepth(depth)
        position += 1
        var object = JSONObject()
        skipSpace()
        if take("}") { return .object(object) }
        while true {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else {
                throw failure("expected a field name in quotes, found \(found)")
            }
            let name = try scanString()
            skipSpace()
            guard take(":") else { throw failure("expected ':' after a field name, found \(found)") }
            skipSpace()
            let value = try scanValue(depth: depth)
            guard object.append(name, value) else {
                throw failure("the name \(Quoted.text(name)) is there twice", at: start)
            }
            skipSpace()
            if take("}") { return .object(object) }
            guard take(",") else { throw failure("expected ',' or '}' in an object, found \(found)") }
        }
    }

    private mutating func scanNumber() throws(Failure) -> JSONNumber {
        let start = position
        _ = take("-")
        if limits.acceptsNonFinite, takeWord("Infinity") || (position == start && takeWord("NaN")) {
            return JSONNumber(text: text(start..<position))
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
        return JSONNumber(text: text(start..<position))
    }

    /// Goes past digits; false if there were none.
    private mutating func skipDigits() -> Bool {
        let start = position
        while let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { position += 1 }
        return position > start
    }

    private func checkLength(from start: Int) throws(Failure) {
        guard position - start <= limits.text else {
            throw failure(
                "a text of more than \(limits.text) bytes, which no file of this kind has",
                at: start
            )
        }
    }

    /// The bytes of `range`, which are known to be ASCII.
    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension JSONScanner {
    private mutating func scanString() throws(Failure) -> String {
        position += 1
        let start = position
        while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 { position += 1 }
        try checkLength(from: start)
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try validated(bytes[start..<position], at: start)
        }
        return try scanEscapedString(start: start)
    }

    /// The slow way, taken from the first escape on.
    private mutating func scanEscapedString(start: Int) throws(Failure) -> String {
        var result = Array(bytes[start..<position])
        while let byte = next {
            try checkLength(from: start)
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try validated(result, at: start)
            case UInt8(ascii: "\\"):
                position += 1
                try scanEscape(into: &result)
            case ..<0x20:
                throw failure(
                    "a control character in a string (\(found)), which must be written as an escape"
                )
            default:
                result.append(byte)
                position += 1
            }
        }
        throw failure("a string without end", at: start - 1)
    }

    private func validated(_ bytes: some Sequence<UInt8>, at start: Int) throws(Failure) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw failure("a string that is not UTF-8", at: start)
        }
        return string
    }

    private mutating func scanEscape(into result: inout [UInt8]) throws(Failure) {
        guard let letter = next else { throw failure("expected an escape, found the end of the text") }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0c)
        case UInt8(ascii: "n"): result.append(0x0a)
        case UInt8(ascii: "r"): result.append(0x0d)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            let start = position - 1
            position += 1
            var code = UInt32(try scanHexadecimal())
            if code & 0xfc00 == 0xd800, takeWord("\\u") {
                let low = UInt32(try scanHexadecimal())
                guard low & 0xfc00 == 0xdc00 else { throw failure("half of a surrogate pair", at: start) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw failure("half of a surrogate pair", at: start)
            }
            result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            return
        default:
            throw failure("an unknown escape, '\\' before \(found)")
        }
        position += 1
    }

    private mutating func scanHexadecimal() throws(Failure) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let next, let digit = Character(Unicode.Scalar(next)).hexDigitValue, next < 0x80 else {
                throw failure("expected four hexadecimal digits after \\u, found \(found)")
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }
}
