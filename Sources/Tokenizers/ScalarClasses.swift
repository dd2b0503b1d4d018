// The class of every Unicode scalar as the reference tokenizer sees it (UnicodeTables): one byte per
// scalar, looked up directly, because the split of text into words asks for every scalar of it.

/// The general category of each scalar, and whether it is part of words.
struct ScalarClasses: Sendable {
    static let shared = ScalarClasses()

    /// The names of the categories in the order of their numbers. The last is white space among the
    /// controls, so that `\s` is a union of categories like everything else.
    static let categories = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
        "Po", "Sm", "Sc", "Sk", "So", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp", "Cc",
    ]
    /// White space has this number or a higher one.
    static let firstSpace: UInt8 = 26
    /// The bits of a class that hold the number of the category.
    static let categoryMask: UInt8 = 31
    static let wordBit: UInt8 = 128

    private(set) var table: [UInt8] = []

    private init() {
        table.reserveCapacity(0x110000)
        let categories = UnicodeTables.numbers(in: UnicodeTables.categories)
        for run in stride(from: 0, to: categories.count, by: 2) {
            table.append(contentsOf: repeatElement(UInt8(categories[run + 1]), count: categories[run]))
        }
        var start = 0
        let words = UnicodeTables.numbers(in: UnicodeTables.wordCharacters)
        for run in stride(from: 0, to: words.count, by: 2) {
            start += words[run]
            for scalar in start..<start + words[run + 1] { table[scalar] |= Self.wordBit }
            start += words[run + 1]
        }
    }

    /// Whether a scalar is white space (`\s`).
    func isSpace(_ scalar: UInt32) -> Bool {
        table[Int(scalar)] & Self.categoryMask >= Self.firstSpace
    }

    /// Whether a scalar is part of words (`\w`).
    func isWord(_ scalar: UInt32) -> Bool { table[Int(scalar)] & Self.wordBit != 0 }
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
