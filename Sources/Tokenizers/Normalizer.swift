// Normalisers: what a tokenizer does to text before it looks for words.

/// A normaliser named in a tokenizer file.
enum Normalizer: Sendable, Equatable {
    /// Text is taken as it is.
    case none
    /// Canonical composition, in the Unicode version of the reference (see UnicodeTables).
    case nfc

    /// Whether the text surely stays as it is. Scalars below U+0300 never change under NFC.
    func leavesUnchanged(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        self == .none || bytes.allSatisfy { $0 < 0xCC }
    }

    /// Appends the normal form of valid UTF-8.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        if leavesUnchanged(bytes) {
            output.append(contentsOf: bytes)
        } else {
            CanonicalComposition().append(bytes, to: &output)
        }
    }

    /// The normal form of a string.
    func normalized(_ text: String) -> String {
        var text = text
        var output: [UInt8] = []
        text.withUTF8 { append($0, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }
}
