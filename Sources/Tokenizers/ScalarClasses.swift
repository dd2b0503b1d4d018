// The class of every Unicode scalar as the reference tokenizer sees it (UnicodeTables): one byte per
// scalar, looked up directly, because the split of text into words asks for every scalar of it.

/// What a scalar is to the word splitter, the added tokens and the normaliser.
struct ScalarClasses: Sendable {
    static let shared = ScalarClasses()

    /// The two low bits of a class.
    enum Kind {
        static let other: UInt8 = 0
        static let letter: UInt8 = 1
        static let number: UInt8 = 2
        static let space: UInt8 = 3
        static let mask: UInt8 = 3
    }

    static let wordBit: UInt8 = 4

    private(set) var table: [UInt8]

    private init() {
        table = [UInt8](repeating: 0, count: 0x110000)
        mark(UnicodeTables.letters, Kind.letter)
        mark(UnicodeTables.numbers, Kind.number)
        mark(UnicodeTables.spaces, Kind.space)
        mark(UnicodeTables.wordCharacters, Self.wordBit)
    }

    private mutating func mark(_ runs: String, _ bits: UInt8) {
        var start = 0
        let numbers = UnicodeTables.numbers(in: runs)
        for pair in stride(from: 0, to: numbers.count, by: 2) {
            start += numbers[pair]
            for scalar in start..<start + numbers[pair + 1] { table[scalar] |= bits }
            start += numbers[pair + 1]
        }
    }
}

extension UnicodeTables {
    /// The numbers of a table: base 36, separated by spaces.
    static func numbers(in table: String) -> [Int] {
        var numbers: [Int] = []
        var value = 0
        var sign = 1
        for byte in table.utf8 {
            switch byte {
            case UInt8(ascii: " "):
                numbers.append(sign * value)
                value = 0
                sign = 1
            case UInt8(ascii: "-"): sign = -1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 36 + Int(byte) - 48
            default: value = value * 36 + Int(byte) - 87
            }
        }
        numbers.append(sign * value)
        return numbers
    }
}

/// A scalar and its length, read from UTF-8 that is known to be valid.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, 1) }
    let second = UInt32(bytes[index + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, 2) }
    let third = UInt32(bytes[index + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
    return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
}

/// Appends a scalar in UTF-8.
@inline(__always)
func appendScalar(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
        bytes.append(UInt8(scalar))
        return
    }
    if scalar < 0x800 {
        bytes.append(UInt8(0xC0 | scalar >> 6))
    } else {
        if scalar < 0x10000 {
            bytes.append(UInt8(0xE0 | scalar >> 12))
        } else {
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
        }
        bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
    }
    bytes.append(UInt8(0x80 | scalar & 0x3F))
}
