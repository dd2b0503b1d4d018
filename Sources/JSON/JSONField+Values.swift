// Single values, and arrays of them.

extension JSONField {
    /// A whole number from `min` to `max`, written without fraction or exponent.
    public func int(min: Int = .min, max: Int = .max) throws(JSONError) -> Int {
        guard let int = wholeNumber, min <= int, int <= max else {
            throw mismatch(expected: JSONField.range("a whole number", min, max))
        }
        return int
    }

    /// A whole number from 0 to `max`, written in digits only: `-0` is none, though its value is 0.
    public func count(max: Int = .max) throws(JSONError) -> Int {
        guard let int = wholeNumber, int <= max, !hasMinus else {
            throw mismatch(expected: JSONField.range("a whole number", 0, max))
        }
        return int
    }

    /// A finite number from `min` to `max`.
    public func double(
        min: Double = -.infinity,
        max: Double = .infinity
    ) throws(JSONError) -> Double {
        guard let double = finite, min <= double, double <= max else {
            throw mismatch(expected: JSONField.range("a finite number", min, max))
        }
        return double
    }

    /// A finite number greater than `bound`.
    public func double(above bound: Double) throws(JSONError) -> Double {
        guard let double = finite, double > bound else {
            throw mismatch(expected: bound == 0 ? "a positive number" : "a finite number above \(bound)")
        }
        return double
    }

    /// `true` or `false`.
    public func bool() throws(JSONError) -> Bool {
        guard kind == .bool else { throw mismatch(expected: "true or false") }
        return node.kind == .true
    }

    /// A string.
    public func string() throws(JSONError) -> String {
        guard kind == .string else { throw mismatch(expected: "a string") }
        return text
    }

    /// One of the given strings.
    public func string(oneOf choices: [String]) throws(JSONError) -> String {
        let found = kind == .string ? ExactString(text) : nil
        guard let choice = choices.first(where: { ExactString($0) == found }) else {
            throw mismatch(expected: "one of " + choices.map(Quoted.text).joined(separator: ", "))
        }
        return choice
    }

    /// Calls `body` with the UTF-8 text of this string, which is valid during the call: for strings so many
    /// that making each a `String` would take the most time.
    public func withUTF8(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        guard kind == .string else { throw mismatch(expected: "a string") }
        try document.withTree { try $0.withText(of: index, body) }
    }

    /// An array of whole numbers from `min` to `max`.
    public func ints(min: Int = .min, max: Int = .max) throws(JSONError) -> [Int] {
        try elements().map { (element) throws(JSONError) in try element.int(min: min, max: max) }
    }

    /// An array of strings.
    public func strings() throws(JSONError) -> [String] {
        try elements().map { (element) throws(JSONError) in try element.string() }
    }

    /// Whether this number is written with a minus.
    private var hasMinus: Bool {
        document.withTree { $0.withText(of: index) { $0.first == UInt8(ascii: "-") } }
    }

    /// The value, if it is a number without fraction and exponent that fits.
    private var wholeNumber: Int? {
        guard kind == .number else { return nil }
        return document.withTree { $0.withText(of: index, JSONField.wholeNumber) }
    }

    private static func wholeNumber(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        var value = 0
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            guard 0x30...0x39 ~= byte else { return nil }
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Int(byte - 0x30)
            // Away from 0, since the lowest value has no positive counterpart.
            let (sum, overflow) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            guard !tooLarge, !overflow else { return nil }
            value = sum
        }
        return value
    }

    /// The nearest floating-point value, if it is a number that is not too large for one.
    private var finite: Double? {
        guard kind == .number else { return nil }
        // `NaN` and `Infinity` are among what Swift reads, and are not finite either.
        guard let double = Double(text), double.isFinite else { return nil }
        return double
    }

    private static func range(_ kind: String, _ min: Int, _ max: Int) -> String {
        switch (min, max) {
        case (.min, .max): kind
        case (_, .max): "\(kind) of at least \(min)"
        case (.min, _): "\(kind) of at most \(max)"
        default: "\(kind) from \(min) to \(max)"
        }
    }

    private static func range(_ kind: String, _ min: Double, _ max: Double) -> String {
        switch (min.isFinite, max.isFinite) {
        case (false, false): kind
        case (true, false): "\(kind) of at least \(min)"
        case (false, true): "\(kind) of at most \(max)"
        default: "\(kind) from \(min) to \(max)"
        }
    }
}
