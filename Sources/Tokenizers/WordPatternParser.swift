// Reads the expressions of tokenizer files into steps of a WordPattern. Whatever is not known exactly is
// refused with the place where it stands.

extension WordPattern {
    /// What is wrong with an expression.
    struct SyntaxProblem: Error, Equatable {
        let description: String
    }

    /// Reads an expression.
    ///
    /// - Throws: ``SyntaxProblem`` at the first construct that is not known here.
    init(_ expression: String) throws {
        var parser = WordPatternParser(expression)
        self.init(steps: try parser.parse())
    }

    /// One fixed text.
    init(literal: String) {
        var steps: [Step] = []
        for scalar in literal.unicodeScalars {
            var set = ScalarSet()
            _ = set.insert(scalar.value...scalar.value)
            steps.append(.scalars(set, min: 1, max: 1, isPossessive: false))
        }
        self.init(steps: steps + [.match])
    }

    /// An expression of this project's own.
    init(known expression: StaticString) {
        do { try self.init("\(expression)") } catch { preconditionFailure("\(expression): \(error)") }
    }

    /// The words of GPT-2, which `ByteLevel` splits with unless told otherwise.
    static let gpt2 = WordPattern(
        known: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    )
}

/// A recursive descent over the scalars of an expression.
private struct WordPatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var ignoresCase = false
    private var depth = 0

    private static let depthLimit = 16
    private static let repetitionLimit = 1000
    private static let special: Set<Unicode.Scalar> = [
        "|", "(", ")", "[", "]", "{", "}", "?", "*", "+", ".", "^", "$", "\\",
    ]

    init(_ expression: String) { scalars = Array(expression.unicodeScalars) }

    mutating func parse() throws -> [WordPattern.Step] {
        let (steps, least) = try alternatives()
        guard index == scalars.count else { throw unknown(index) }
        guard least > 0 else { throw problem("it can match where there is nothing") }
        return steps + [.match]
    }

    // MARK: What stands where

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: text) else { return false }
        index += text.count
        return true
    }

    private func problem(_ text: String) -> WordPattern.SyntaxProblem {
        WordPattern.SyntaxProblem(description: text)
    }

    private func unknown(_ place: Int) -> WordPattern.SyntaxProblem {
        let rest = String(String.UnicodeScalarView(scalars[place...].prefix(12)))
        return problem("what stands at '\(rest)' (character \(place + 1)) is not known here")
    }

    // MARK: Structure

    /// Steps, and how many scalars they match at least.
    private typealias Fragment = (steps: [WordPattern.Step], least: Int)

    private mutating func alternatives() throws -> Fragment {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw unknown(index) }
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        var (steps, least) = all.removeLast()
        for one in all.reversed() {
            let end = [WordPattern.Step.jump(skip: steps.count + 1)]
            steps = [.either(skip: one.steps.count + 2)] + one.steps + end + steps
            least = min(least, one.least)
        }
        return (steps, least)
    }

    private mutating func sequence() throws -> Fragment {
        var steps: [WordPattern.Step] = []
        var least = 0
        while let scalar = next, scalar != "|", scalar != ")" {
            if take("(?!") {
                steps.append(.notBefore(try set()))
                guard take(")") else { throw unknown(index) }
            } else if scalar == "(" {
                let inner = try group()
                steps += inner.steps
                least = min(least + inner.least, Self.repetitionLimit)
            } else {
                let set = try set()
                let (range, isPossessive) = try repetition()
                least = min(least + range.lowerBound, Self.repetitionLimit)
                steps.append(
                    .scalars(set, min: range.lowerBound, max: range.upperBound, isPossessive: isPossessive)
                )
            }
        }
        return (steps, least)
    }

    private mutating func group() throws -> Fragment {
        let start = index
        let outer = ignoresCase
        if take("(?i:") {
            ignoresCase = true
        } else if !take("(?:") {
            throw unknown(start)
        }
        var (steps, least) = try alternatives()
        ignoresCase = outer
        guard take(")") else { throw unknown(index) }
        if take("?") {
            steps = [.either(skip: steps.count + 1)] + steps
            least = 0
        }
        if isRepetition(next) { throw unknown(start) }
        return (steps, least)
    }

    private func isRepetition(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { "?*+{".unicodeScalars.contains($0) } ?? false
    }

    private mutating func repetition() throws -> (range: ClosedRange<Int>, isPossessive: Bool) {
        let start = index
        var range = 1...1
        if take("?") {
            range = 0...1
        } else if take("*") {
            range = 0...Int.max
        } else if take("+") {
            range = 1...Int.max
        } else if take("{") {
            guard let first = number() else { throw unknown(start) }
            var last: Int? = first
            if take(",") { last = next == "}" ? Int.max : number() }
            guard let last, first <= last, take("}") else { throw unknown(start) }
            range = first...last
            // In the reference `{1,3}+` repeats the repetition, and `{1,3}?` is one that may be absent.
            if isRepetition(next) { throw unknown(start) }
            return (range, false)
        } else {
            return (range, false)
        }
        let isPossessive = take("+")
        if isRepetition(next) { throw unknown(start) }
        return (range, isPossessive)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next?.value, (0x30...0x39).contains(digit), value ?? 0 <= Self.repetitionLimit {
            value = (value ?? 0) * 10 + Int(digit - 0x30)
            index += 1
        }
        return value.flatMap { $0 <= Self.repetitionLimit ? $0 : nil }
    }

    // MARK: Sets

    private mutating func set() throws -> ScalarSet {
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
