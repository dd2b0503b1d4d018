// Decoders: how the spellings of tokens become text again.

/// The decoders named in a tokenizer file, in the order in which they work.
struct TokenDecoder: Sendable, Equatable {
    /// One of them.
    enum Step: Sendable, Equatable {
        /// Spellings are bytes in the printable alphabet; the bytes of all tokens together are the text.
        case byteLevel
        /// Puts a text in the place of each occurrence of another, in each token.
        case replace([UInt8], with: [UInt8])
        /// Neighbours among the tokens `<0x00>` to `<0xFF>` are text if it is UTF-8, else U+FFFD each.
        case byteFallback
        /// Joins all tokens to one.
        case fuse
        /// Takes up to so many of a character from the start of each token.
        case strip([UInt8], count: Int)
        /// Makes a mark a space again; in the first token it is dropped where it may have been added.
        case metaspace([UInt8], dropsFirst: Bool)
    }

    /// The decoders; nil where the file names none, and tokens are words joined with single spaces.
    var steps: [Step]?

    /// Spellings are bytes in the printable alphabet.
    static let byteLevel = TokenDecoder(steps: [.byteLevel])
    /// Spellings are words.
    static let joinedWithSpaces = TokenDecoder(steps: nil)

    /// Whether the vocabulary is written in the printable alphabet of bytes.
    var isByteLevel: Bool { steps?.contains(.byteLevel) ?? false }

    /// The text of some spellings, in bytes.
    func text(of spellings: [[UInt8]]) -> [UInt8] {
        guard let steps else { return Array(spellings.joined(separator: [UInt8(ascii: " ")])) }
        return Array(steps.reduce(spellings, Self.applying).joined())
    }

    private static func applying(_ tokens: [[UInt8]], _ step: Step) -> [[UInt8]] {
        switch step {
        case .byteLevel:
            var output: [UInt8] = []
            for token in tokens {
                token.withUnsafeBufferPointer { ByteAlphabet.shared.append($0, to: &output) }
            }
            return [output]
        case .replace(let old, let new): return tokens.map { replacing($0, old, new) }
        case .byteFallback: return joiningBytes(tokens)
        case .fuse: return [Array(tokens.joined())]
        case .strip(let character, let count):
            return tokens.map { token in
                var token = token[...]
                for _ in 0..<count where token.starts(with: character) {
                    token = token.dropFirst(character.count)
                }
                return Array(token)
            }
        case .metaspace(let mark, let dropsFirst):
            return tokens.enumerated().map { index, token in
                replacing(token, mark, index == 0 && dropsFirst ? [] : [UInt8(ascii: " ")])
            }
        }
    }

    private static func replacing(_ token: [UInt8], _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        token.withUnsafeBufferPointer { output.append($0, replacing: old, with: new) }
        return output
    }

    private static func joiningBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var output: [[UInt8]] = []
        var bytes: [UInt8] = []
        func flush() {
            if bytes.isEmpty { return }
            if String(validating: bytes, as: UTF8.self) == nil {
                output += repeatElement(Array("\u{FFFD}".utf8), count: bytes.count)
            } else {
                output.append(bytes)
            }
            bytes = []
        }
        for token in tokens {
            if let byte = ByteToken.byte(token) {
                bytes.append(byte)
            } else {
                flush()
                output.append(token)
            }
        }
        flush()
        return output
    }

    /// What one token stands for inside a text, in bytes that need not be UTF-8 on their own: marks are
    /// spaces, and nothing is stripped.
    func bytes(of spelling: [UInt8]) -> [UInt8] {
        var bytes = spelling
        for step in steps ?? [] {
            switch step {
            case .byteLevel:
                var output: [UInt8] = []
                bytes.withUnsafeBufferPointer { ByteAlphabet.shared.append($0, to: &output) }
                bytes = output
            case .replace(let old, let new): bytes = Self.replacing(bytes, old, new)
            case .byteFallback: if let byte = ByteToken.byte(bytes) { return [byte] }
            case .metaspace(let mark, _): bytes = Self.replacing(bytes, mark, [UInt8(ascii: " ")])
            case .fuse, .strip: break
            }
        }
        return bytes
    }

    /// How the vocabulary may spell a text that is one token, likeliest first.
    func spellings(of text: String) -> [[UInt8]] {
        var spelling = Array(text.utf8)
        var spellings: [[UInt8]] = []
        for step in (steps ?? []).reversed() {
            switch step {
            case .byteLevel: spelling = ByteAlphabet.shared.spelling(of: spelling)
            case .replace(let old, let new): if !new.isEmpty { spelling = Self.replacing(spelling, new, old) }
            case .metaspace(let mark, _): spelling = Self.replacing(spelling, [UInt8(ascii: " ")], mark)
            case .byteFallback:
                if spelling.count == 1 { spellings.append(Array(ByteToken.spelling(of: spelling[0]).utf8)) }
            case .fuse, .strip: break
            }
        }
        return [spelling] + spellings
    }
}
