// What the escapes of a string stand for. The parser has checked them before.

enum JSONEscapes {
    /// Writes the text that a string with escapes stands for; returns how many bytes that are, never more than
    /// `text` has.
    static func replace(
        in text: UnsafeBufferPointer<UInt8>,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var count = 0
        func put(_ byte: UInt8) {
            room[count] = byte
            count += 1
        }
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\") else {
                put(text[index])
                index += 1
                continue
            }
            let letter = text[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "b"): put(0x08)
            case UInt8(ascii: "f"): put(0x0c)
            case UInt8(ascii: "n"): put(0x0a)
            case UInt8(ascii: "r"): put(0x0d)
            case UInt8(ascii: "t"): put(0x09)
            case UInt8(ascii: "u"):
                var code = unit(text, index)
                index += 4
                if code & 0xf800 == 0xd800 {
                    code = 0x10000 + (code & 0x3ff) << 10 + unit(text, index + 2) & 0x3ff
                    index += 6
                }
                putScalar(code, put)
            default: put(letter)
            }
        }
        return count
    }

    /// The value of a hexadecimal digit.
    static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x37
        default: nil
        }
    }

    /// Four hexadecimal digits.
    private static func unit(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for place in start..<start + 4 { unit = unit << 4 | (digit(text[place]) ?? 0) }
        return unit
    }

    /// Puts a scalar in UTF-8.
    private static func putScalar(_ code: UInt32, _ put: (UInt8) -> Void) {
        func putTail(_ shift: UInt32) { put(UInt8(0x80 | code >> shift & 0x3f)) }
        switch code {
        case ..<0x80: put(UInt8(code))
        case ..<0x800:
            put(UInt8(0xc0 | code >> 6))
            putTail(0)
        case ..<0x10000:
            put(UInt8(0xe0 | code >> 12))
            putTail(6)
            putTail(0)
        default:
            put(UInt8(0xf0 | code >> 18))
            putTail(12)
            putTail(6)
            putTail(0)
        }
    }
}
