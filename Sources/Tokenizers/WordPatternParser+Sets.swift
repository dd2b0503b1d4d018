// The sets of scalars in the expressions of tokenizer files: `a`, `\p{Lu}`, `[^\s\p{N}]`, also without case.

extension WordPatternParser {
    /// Reads what one scalar is matched with: a scalar, a class, or a class in brackets.
    mutating func set() throws -> ScalarSet {
        guard let scalar = next else { throw unknown(index) }
        if scalar == "[" { return try bracket() }
        if scalar == "\\" {
            let start = index
            switch try escape() {
            case .set(let set):
                // Sets of one case change where case is ignored.
                guard !ignoresCase else { throw unknown(start) }
                return set
            case .scalar(let scalar): return try single(scalar, at: start)
            }
        }
        guard !Self.special.contains(scalar) else { throw unknown(index) }
        index += 1
        return try single(scalar, at: index - 1)
    }

    /// The set of one scalar and, where case is ignored, of those that differ from it in case only.
    private func single(
        _ scalar: Unicode.Scalar,
        at place: Int,
        inSequence: Bool = true
    ) throws -> ScalarSet {
        var set = ScalarSet()
        _ = set.insert(scalar.value...scalar.value)
        guard ignoresCase else { return set }
        guard scalar.isASCII else { throw unknown(place) }
        for other in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
            for scalar in other.unicodeScalars { _ = set.insert(scalar.value...scalar.value) }
        }
        // Two more scalars are ASCII letters but for their case: the long s and the Kelvin sign.
        if scalar == "s" || scalar == "S" { _ = set.insert(0x17F...0x17F) }
        if scalar == "k" || scalar == "K" { _ = set.insert(0x212A...0x212A) }
        // Some pairs of letters are one ligature but for its case, which sets of scalars cannot say.
        let pair = scalars[place...].prefix(2).map { $0.properties.lowercaseMapping }.joined()
        guard !inSequence || !["ss", "st", "ff", "fi", "fl"].contains(pair) else { throw unknown(place) }
        return set
    }

    private enum Escape {
        case set(ScalarSet)
        case scalar(Unicode.Scalar)
    }

    private mutating func escape() throws -> Escape {
        let start = index
        index += 1
        guard let scalar = next else { throw unknown(start) }
        index += 1
        switch scalar {
        case "s": return .set(.space)
        case "S": return .set(.notSpace)
        case "r": return .scalar("\r")
        case "n": return .scalar("\n")
        case "t": return .scalar("\t")
        case "p", "P":
            guard take("{"), let end = scalars[index...].firstIndex(of: "}") else { throw unknown(start) }
            let name = String(String.UnicodeScalarView(scalars[index..<end]))
            guard let set = ScalarSet(category: name) else { throw unknown(start) }
            index = end + 1
            guard scalar == "P" else { return .set(set) }
            let names = ScalarClasses.categories
            return .set(ScalarSet { !names[$0].hasPrefix(name) })
        default:
            // A sign behind a backslash stands for itself; a letter or a digit may mean anything.
            guard scalar.isASCII, scalar.value > 0x20, !scalar.properties.isAlphabetic,
                scalar.properties.numericType == nil
            else { throw unknown(start) }
            return .scalar(scalar)
        }
    }

    private mutating func bracket() throws -> ScalarSet {
        let start = index
        index += 1
        let isInverted = take("^")
        guard !ignoresCase || !isInverted else { throw unknown(start) }
        var set = ScalarSet()
        var isEmpty = true
        while !take("]") {
            let fits =
                switch try bracketItem(from: start) {
                case .set(let part): !ignoresCase && set.formUnion(part)
                case .scalar(let first) where ignoresCase:
                    try next != "-" && set.formUnion(single(first, at: start, inSequence: false))
                case .scalar(let first): set.insert(first.value...(try rangeEnd(of: first, from: start)))
                }
            guard fits else { throw unknown(start) }
            isEmpty = false
        }
        guard !isEmpty else { throw unknown(start) }
        return isInverted ? set.inverted : set
    }

    private mutating func bracketItem(from start: Int) throws -> Escape {
        guard let scalar = next else { throw unknown(start) }
        if scalar == "\\" { return try escape() }
        guard scalar != "[", scalar != "&", scalar != "^" else { throw unknown(index) }
        if scalar == "-" {
            guard index + 1 < scalars.count, scalars[index + 1] == "]" else { throw unknown(index) }
        }
        index += 1
        return .scalar(scalar)
    }

    /// The last scalar of a range that begins with a scalar: the scalar itself if no range follows.
    private mutating func rangeEnd(of first: Unicode.Scalar, from start: Int) throws -> UInt32 {
        guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else { return first.value }
        index += 1
        guard case .scalar(let last) = try bracketItem(from: start), first.value <= last.value else {
            throw unknown(start)
        }
        return last.value
    }
}
