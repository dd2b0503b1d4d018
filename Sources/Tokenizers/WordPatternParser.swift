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
struct WordPatternParser {
    let scalars: [Unicode.Scalar]
    var index = 0
    var ignoresCase = false
    private var depth = 0

    private static let depthLimit = 16
    private static let repetitionLimit = 1000
    /// The longest in use, that of GPT-4o, has so many.
    private static let choiceLimit = 4
    static let special: Set<Unicode.Scalar> = [
        "|", "(", ")", "[", "]", "{", "}", "?", "*", "+", ".", "^", "$", "\\",
    ]

    init(_ expression: String) { scalars = Array(expression.unicodeScalars) }

    mutating func parse() throws -> [WordPattern.Step] {
        let (steps, least, _) = try alternatives()
        guard index == scalars.count else { throw unknown(index) }
        guard least > 0 else { throw problem("it can match where there is nothing") }
        return steps + [.match]
    }

    // MARK: What stands where

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: text) else { return false }
        index += text.count
        return true
    }

    private func problem(_ text: String) -> WordPattern.SyntaxProblem {
        WordPattern.SyntaxProblem(description: text)
    }

    func unknown(_ place: Int) -> WordPattern.SyntaxProblem {
        let rest = String(String.UnicodeScalarView(scalars[place...].prefix(12)))
        return problem("what stands at '\(rest)' (character \(place + 1)) is not known here")
    }

    // MARK: Structure

    /// Steps, how many scalars they match at least, and how many choices of a length there are on the way
    /// through them: each may multiply the time of a failing match by the length of the text.
    private typealias Fragment = (steps: [WordPattern.Step], least: Int, choices: Int)

    private mutating func alternatives() throws -> Fragment {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw unknown(index) }
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        var (steps, least, choices) = all.removeLast()
        for one in all.reversed() {
            let end = [WordPattern.Step.jump(skip: steps.count + 1)]
            steps = [.either(skip: one.steps.count + 2)] + one.steps + end + steps
            least = min(least, one.least)
            choices = max(choices, one.choices)
        }
        return (steps, least, choices)
    }

    private mutating func sequence() throws -> Fragment {
        var steps: [WordPattern.Step] = []
        var least = 0
        var choices = 0
        while let scalar = next, scalar != "|", scalar != ")" {
            if take("(?!") {
                steps.append(.notBefore(try set()))
                guard take(")") else { throw unknown(index) }
            } else if scalar == "(" {
                let inner = try group()
                steps += inner.steps
                choices += inner.choices
                least = min(least + inner.least, Self.repetitionLimit)
            } else {
                let set = try set()
                let (range, isPossessive) = try repetition()
                least = min(least + range.lowerBound, Self.repetitionLimit)
                if range.lowerBound < range.upperBound, !isPossessive { choices += 1 }
                steps.append(
                    .scalars(set, min: range.lowerBound, max: range.upperBound, isPossessive: isPossessive)
                )
            }
        }
        guard choices <= Self.choiceLimit else {
            throw problem("it has more than \(Self.choiceLimit) repetitions in a row, which may take forever")
        }
        return (steps, least, choices)
    }

    private mutating func group() throws -> Fragment {
        let start = index
        let outer = ignoresCase
        if take("(?i:") {
            ignoresCase = true
        } else if !take("(?:") {
            throw unknown(start)
        }
        var (steps, least, choices) = try alternatives()
        ignoresCase = outer
        guard take(")") else { throw unknown(index) }
        if take("?") {
            steps = [.either(skip: steps.count + 1)] + steps
            least = 0
            choices += 1
        }
        if isRepetition(next) { throw unknown(start) }
        return (steps, least, choices)
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
}
