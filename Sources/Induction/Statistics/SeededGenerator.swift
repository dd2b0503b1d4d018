// A small, portable stream of random numbers for everything that is not a tensor.

/// SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same numbers on every machine.
///
/// Draw with the methods here: what the standard library makes of a generator (`Int.random`, `shuffled`) may change
/// with Swift's version.
public struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable {
    private var state: UInt64

    /// A stream of its own.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A whole number of a range, each with the same probability (Lemire 2019).
    public mutating func integer(in range: Range<Int>) -> Int {
        precondition(!range.isEmpty, "a number of an empty range")
        let bound = UInt64(range.count)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            // The lowest products are drawn again, so that each high word has equally many.
            let surplus = (0 &- bound) % bound
            while product.low < surplus { product = next().multipliedFullWidth(by: bound) }
        }
        return range.lowerBound + Int(product.high)
    }

    /// `count` distinct elements in random order.
    public mutating func sample<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        precondition(count <= elements.count, "\(count) distinct ones of \(elements.count)")
        var pool = elements
        // The last one left is no choice: no number is drawn for it.
        for index in 0..<count where index + 1 < pool.count {
            pool.swapAt(index, integer(in: index..<pool.count))
        }
        return Array(pool[..<count])
    }

    /// All elements in random order.
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        sample(elements.count, of: elements)
    }

    /// `count` elements: distinct ones where there are enough, else drawn with replacement.
    mutating func draw<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        if count <= elements.count { return sample(count, of: elements) }
        return (0..<count).map { _ in elements[integer(in: elements.indices)] }
    }
}

extension SeededGenerator: Codable {
    /// Takes the state that `encode` wrote: what is drawn next is what would have been drawn then.
    ///
    /// - Throws: `DecodingError` for anything but 16 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.utf8.count == 16, text.first != "+", let state = UInt64(text, radix: 16) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "the state of a random generator is 16 hexadecimal digits, this is \"\(text)\""
            )
        }
        self.state = state
    }

    /// Writes the state as text: readers of JSON that know only floating-point numbers would round it.
    public func encode(to encoder: any Encoder) throws {
        let digits = String(state, radix: 16)
        var container = encoder.singleValueContainer()
        try container.encode(String(repeating: "0", count: 16 - digits.count) + digits)
    }
}
