// The printable alphabet in which byte-level vocabularies are written: bytes that print stand for
// themselves, the others are U+0100 and up in order, so that every byte is one visible character.

/// The one-to-one map between bytes and characters of byte-level vocabularies.
struct ByteAlphabet: Sendable {
    static let shared = ByteAlphabet()

    /// The character of each byte.
    let scalars: [UInt32]
    /// The byte of each character below U+0200; -1 for those that stand for none.
    let bytes: [Int16]

    private init() {
        var scalars: [UInt32] = []
        var bytes = [Int16](repeating: -1, count: 0x200)
        var replacement: UInt32 = 0x100
        for byte in 0..<UInt32(256) {
            let prints = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            let scalar = prints ? byte : replacement
            if !prints { replacement += 1 }
            scalars.append(scalar)
            bytes[Int(scalar)] = Int16(byte)
        }
        self.scalars = scalars
        self.bytes = bytes
    }

    /// How a byte-level vocabulary spells some bytes, in UTF-8.
    func spelling(of text: some Sequence<UInt8>) -> [UInt8] {
        var spelling: [UInt8] = []
        for byte in text { appendScalar(scalars[Int(byte)], to: &spelling) }
        return spelling
    }

    /// Appends the bytes that a spelling stands for. A spelling with a character outside the alphabet
    /// (an added token with a space, say) stands for its own UTF-8.
    func append(_ spelling: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        let start = output.count
        var index = 0
        while index < spelling.count {
            let (scalar, length) = decodeScalar(spelling, at: index)
            guard scalar < 0x200, bytes[Int(scalar)] >= 0 else {
                output.removeLast(output.count - start)
                output.append(contentsOf: spelling)
                return
            }
            output.append(UInt8(truncatingIfNeeded: bytes[Int(scalar)]))
            index += length
        }
    }
}
