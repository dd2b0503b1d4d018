// Normalisers: what a tokenizer does to text before it looks for words.

/// The normalisers named in a tokenizer file, in the order in which they work.
struct Normalizer: Sendable, Equatable {
    /// One of them.
    enum Step: Sendable, Equatable {
        /// Canonical composition, in the Unicode version of the reference (see UnicodeTables).
        case nfc
        /// Puts a text before every text that is not empty.
        case prepend([UInt8])
        /// Puts a text in the place of each occurrence of another.
        case replace([UInt8], with: [UInt8])
    }

    var steps: [Step] = []

    /// Text is taken as it is.
    static let none = Normalizer()
    /// Canonical composition alone.
    static let nfc = Normalizer(steps: [.nfc])

    /// Whether the text surely stays as it is. Scalars below U+0300 never change under NFC.
    func leavesUnchanged(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.isEmpty
            || steps.allSatisfy { step in
                switch step {
                case .nfc: bytes.allSatisfy { $0 < 0xCC }
                case .prepend: false
                case .replace(let old, _): !bytes.contains { $0 == old.first }
                }
            }
    }

    /// Appends the normal form of valid UTF-8.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        if leavesUnchanged(bytes) {
            output.append(contentsOf: bytes)
        } else if steps.count == 1 {
            Self.append(bytes, steps[0], to: &output)
        } else {
            var text = Array(bytes)
            for step in steps {
                var changed: [UInt8] = []
                changed.reserveCapacity(text.count + text.count / 2)
                text.withUnsafeBufferPointer { Self.append($0, step, to: &changed) }
                text = changed
            }
            output += text
        }
    }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, _ step: Step, to output: inout [UInt8]) {
        switch step {
        case .nfc: CanonicalComposition().append(bytes, to: &output)
        case .prepend(let text):
            if !bytes.isEmpty { output += text }
            output.append(contentsOf: bytes)
        case .replace(let old, let new): output.append(bytes, replacing: old, with: new)
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

extension [UInt8] {
    /// Appends text, with another text in the place of each occurrence of `old`, which must not be empty.
    mutating func append(
        _ text: UnsafeBufferPointer<UInt8>,
        replacing old: [UInt8],
        with new: [UInt8]
    ) {
        var copied = 0
        var index = 0
        while index + old.count <= text.count {
            if text[index] == old[0], text[index..<index + old.count].elementsEqual(old) {
                append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
                append(contentsOf: new)
                index += old.count
                copied = index
            } else {
                index += 1
            }
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    }
}
