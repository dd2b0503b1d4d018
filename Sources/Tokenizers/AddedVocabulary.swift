// Added tokens: strings that become one id wherever they stand in a text, before the model sees the rest.

/// A token matched as a whole, as `added_tokens` of a tokenizer file describes it.
struct AddedToken: Sendable, Equatable {
    let id: Int
    let content: String
    /// Not part of text: the opening or closing of a document, padding.
    var isSpecial = true
    /// Matches only where no word character touches it.
    var isSingleWord = false
    /// Takes the white space on its left with it.
    var stripsLeft = false
    /// Takes the white space on its right with it.
    var stripsRight = false
    /// Is looked for in the normalised text rather than in the text as given.
    var isNormalized = false
}

/// A piece of text: an added token, or text for the model.
struct TextPiece: Equatable {
    let range: Range<Int>
    /// The id of an added token; nil for text.
    let id: Int?
}

/// The added tokens that are looked for in one form of the text.
struct AddedTokenMatcher: Sendable {
    private struct Node {
        var byte: UInt8
        var token: Int32 = -1
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
    }

    private var tokens: [AddedToken] = []
    private var nodes: [Node] = []
    /// The node of each first byte; -1 where no token begins with it.
    private var roots = [Int32](repeating: -1, count: 256)

    /// Whether there is nothing to look for.
    var isEmpty: Bool { tokens.isEmpty }

    /// Adds a token under the spelling it has in the text; false if the spelling is taken.
    mutating func add(_ token: AddedToken, spelling: String) -> Bool {
        var node: Int32 = -1
        for byte in spelling.utf8 { node = child(of: node, byte) }
        guard node >= 0, nodes[Int(node)].token < 0 else { return false }
        nodes[Int(node)].token = Int32(tokens.count)
        tokens.append(token)
        return true
    }

    private mutating func child(of parent: Int32, _ byte: UInt8) -> Int32 {
        var child = parent < 0 ? roots[Int(byte)] : nodes[Int(parent)].firstChild
        while child >= 0, nodes[Int(child)].byte != byte { child = nodes[Int(child)].nextSibling }
        if child >= 0 { return child }
        let new = Int32(nodes.count)
        nodes.append(Node(byte: byte))
        if parent < 0 {
            roots[Int(byte)] = new
        } else {
            nodes[Int(new)].nextSibling = nodes[Int(parent)].firstChild
            nodes[Int(parent)].firstChild = new
        }
        return new
    }

    /// Appends the pieces of a range of the text. At each place the longest token wins, and a token
    /// refused as part of a word hides what overlaps it.
    func appendPieces(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        to pieces: inout [TextPiece]
    ) {
        var textStart = range.lowerBound
        var index = range.lowerBound
        var spaces = index..<index
        while !isEmpty, index < range.upperBound {
            guard roots[Int(bytes[index])] >= 0, let match = longestMatch(bytes, index..<range.upperBound)
            else {
                index += 1
                continue
            }
            let token = tokens[match.token]
            var start = index
            var end = match.end
            index = match.end
            if token.isSingleWord, touchesWord(bytes, range, start..<end) { continue }
            if token.stripsLeft {
                start = max(Self.spaceStart(bytes, min(textStart, start)..<start), textStart)
            }
            if token.stripsRight {
                // A place inside white space that was scanned before has the same end.
                if !spaces.contains(end) { spaces = end..<Self.spaceEnd(bytes, end..<range.upperBound) }
                end = spaces.upperBound
            }
            if textStart < start { pieces.append(TextPiece(range: textStart..<start, id: nil)) }
            pieces.append(TextPiece(range: min(start, end)..<end, id: token.id))
            textStart = end
        }
        if textStart < range.upperBound {
            pieces.append(TextPiece(range: textStart..<range.upperBound, id: nil))
        }
    }

    private func longestMatch(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>
    ) -> (token: Int, end: Int)? {
        var node = roots[Int(bytes[range.lowerBound])]
        var index = range.lowerBound + 1
        var best: (token: Int, end: Int)?
        while node >= 0 {
            if nodes[Int(node)].token >= 0 { best = (Int(nodes[Int(node)].token), index) }
            guard index < range.upperBound else { break }
            node = nodes[Int(node)].firstChild
            while node >= 0, nodes[Int(node)].byte != bytes[index] { node = nodes[Int(node)].nextSibling }
            index += 1
        }
        return best
    }

    private func touchesWord(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ match: Range<Int>
    ) -> Bool {
        if match.lowerBound > range.lowerBound {
            let before = scalarStart(bytes, before: match.lowerBound)
            if ScalarClasses.shared.isWord(decodeScalar(bytes, at: before).scalar) { return true }
        }
        return match.upperBound < range.upperBound
            && ScalarClasses.shared.isWord(decodeScalar(bytes, at: match.upperBound).scalar)
    }

    /// Where the white space at the end of a range begins.
    private static func spaceStart(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        var start = range.upperBound
        while start > range.lowerBound {
            let before = scalarStart(bytes, before: start)
            guard ScalarClasses.shared.isSpace(decodeScalar(bytes, at: before).scalar) else { break }
            start = before
        }
        return start
    }

    /// Where the white space at the start of a range ends.
    private static func spaceEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        var end = range.lowerBound
        while end < range.upperBound {
            let (scalar, length) = decodeScalar(bytes, at: end)
            guard ScalarClasses.shared.isSpace(scalar) else { break }
            end += length
        }
        return end
    }
}

/// All added tokens of a tokenizer.
struct AddedVocabulary: Sendable {
    /// Tokens by id.
    private(set) var tokens: [Int: AddedToken] = [:]
    private var ids: [String: Int] = [:]
    /// Tokens looked for in the text as given.
    private(set) var verbatim = AddedTokenMatcher()
    /// Tokens looked for in the normalised text.
    private(set) var normalized = AddedTokenMatcher()

    /// Adds a token; false if another added token has the same spelling.
    mutating func add(_ token: AddedToken, normalizer: Normalizer) -> Bool {
        guard ids[token.content] == nil else { return false }
        ids[token.content] = token.id
        tokens[token.id] = token
        if token.isNormalized {
            return normalized.add(token, spelling: normalizer.normalized(token.content))
        }
        return verbatim.add(token, spelling: token.content)
    }

    /// The id of an added token.
    func id(of content: String) -> Int? { ids[content] }

    /// Ids of the tokens that are not part of text.
    var specialIDs: Set<Int> { Set(tokens.values.lazy.filter(\.isSpecial).map(\.id)) }

    /// The highest id plus one; 0 if there are none.
    var idEnd: Int { (tokens.keys.max() ?? -1) + 1 }
}
